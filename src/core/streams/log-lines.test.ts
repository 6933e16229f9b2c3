import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createLineSplitter, MAX_LINE_CHARS } from './log-lines.ts';

function split(chunks: readonly Buffer[]): string[] {
  const splitter = createLineSplitter();
  return [...chunks.flatMap((chunk) => splitter.push(chunk)), ...splitter.end()];
}

test('lines do not depend on where chunks are cut', () => {
  const seed = Number(process.env.SEED ?? 20260122);
  console.info(`seed ${seed}`);
  const text = fc.string({ unit: fc.constantFrom('a', 'ä', '😀', '\n', '\r', '\u2028') });
  fc.assert(
    fc.property(text, fc.array(fc.nat(9)), (written, cuts) => {
      const bytes = Buffer.from(written);
      const chunks: Buffer[] = [];
      let at = 0;
      for (const cut of cuts) {
        chunks.push(bytes.subarray(at, at + cut));
        at += cut;
      }
      chunks.push(bytes.subarray(at));
      const expected = written.split('\n').map((line) => line.replace(/\r$/, ''));
      if (written.endsWith('\n') || written === '') expected.pop();
      expect(split(chunks)).toEqual(expected);
    }),
    { seed, numRuns: 1000 },
  );
});

test('a very long line comes in pieces that lose nothing and break no character', () => {
  const text = '😀x'.repeat(MAX_LINE_CHARS);
  const pieces = split([Buffer.from(text), Buffer.from('\nend')]);
  expect(pieces.at(-1)).toBe('end');
  expect(pieces.slice(0, -1).join('')).toBe(text);
  expect(pieces.every((piece) => piece.length <= MAX_LINE_CHARS && piece.isWellFormed())).toBe(true);
});
