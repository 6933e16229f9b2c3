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
      const lines = written.split('\n');
      if (lines.at(-1) === '') lines.pop();
      // What a line was last is the line; a return alone takes nothing away.
      const expected = lines.map((line) => line.split('\r').findLast((state) => state !== '') ?? '');
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

test.each([
  ['10%\r55%\r100%\ndone\n', ['100%', 'done']],
  ['\r 1/3\r 2/3\r 3/3\n', [' 3/3']],
  ['windows\r\nlines\r\n', ['windows', 'lines']],
  ['twice\r\r\n', ['twice']],
  ['10%\r20%\r', ['20%']],
])('a return begins the line anew: %j is %j', (text, expected) => {
  expect(split([Buffer.from(text)])).toEqual(expected);
  expect(split([...Buffer.from(text)].map((byte) => Buffer.of(byte)))).toEqual(expected);
});

test('the line that goes on is what a terminal shows', () => {
  const splitter = createLineSplitter();
  expect(splitter.open()).toBeNull();
  splitter.push(Buffer.from('done\nPassword: '));
  expect(splitter.open()).toEqual({ text: 'Password: ', hasStates: false });
  splitter.push(Buffer.from('\r10%'));
  expect(splitter.open()).toEqual({ text: '10%', hasStates: true });
  splitter.push(Buffer.from('\r20%\r'));
  expect(splitter.open()).toEqual({ text: '20%', hasStates: true });
  expect(splitter.push(Buffer.from('\nnext'))).toEqual(['20%']);
  expect(splitter.open()).toEqual({ text: 'next', hasStates: false });
});
