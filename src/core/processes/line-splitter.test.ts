import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createLineSplitter, MAX_LINE_CHARS } from './line-splitter.ts';

function split(chunks: readonly Buffer[]): string[] {
  const splitter = createLineSplitter();
  return [...chunks.flatMap((chunk) => splitter.push(chunk)), ...splitter.end()];
}

test('lines do not depend on where chunks are cut', () => {
  const seed = Number(process.env.SEED ?? 20260122);
  console.info(`seed ${seed}`);
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.array(fc.nat(20)), (text, cuts) => {
      const bytes = Buffer.from(text.replaceAll('|', '\n'));
      const chunks: Buffer[] = [];
      let at = 0;
      for (const cut of cuts) chunks.push(bytes.subarray(at, (at += cut)));
      chunks.push(bytes.subarray(at));
      expect(split(chunks)).toEqual(split([bytes]));
      expect(split([bytes])).toEqual(
        bytes
          .toString()
          .replace(/\n$/, '')
          .split(/\r?\n/)
          .filter((line, index, all) => all.length > 1 || line !== '' || bytes.includes(10)),
      );
    }),
    { seed, numRuns: 300 },
  );
});

test('a very long line comes in pieces that lose nothing and break no character', () => {
  const text = '😀x'.repeat(MAX_LINE_CHARS);
  const pieces = split([Buffer.from(text), Buffer.from('\nend')]);
  expect(pieces.at(-1)).toBe('end');
  expect(pieces.slice(0, -1).join('')).toBe(text);
  expect(pieces.every((piece) => piece.length <= MAX_LINE_CHARS && piece.isWellFormed())).toBe(true);
});
