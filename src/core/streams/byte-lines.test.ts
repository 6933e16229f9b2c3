import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ByteLines, type ByteLinesOptions } from './byte-lines.ts';

/** Lines of a text whose bytes come in pieces of these sizes. */
function cut(text: string, sizes: readonly number[], options: Omit<ByteLinesOptions, 'onLine'> = {}) {
  const lines: string[] = [];
  const reader = new ByteLines({ ...options, onLine: (line) => lines.push(line.toString('utf8')) });
  const bytes = Buffer.from(text);
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const size = sizes[turn % Math.max(1, sizes.length)] ?? bytes.length;
    reader.push(new Uint8Array(bytes.subarray(at, at + size)));
    at += size;
  }
  return { lines, rest: reader.rest().toString('utf8') };
}

const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 6 });
const text = fc.string({ unit: fc.constantFrom('a', 'ä', '😀', '\n', '\r', '\u2028') });

test('lines do not depend on where the bytes are cut, whichever ends count', () => {
  fc.assert(
    fc.property(text, sizes, (written, cuts) => {
      for (const [ends, pattern] of [['newline', /\n/] as const, ['any', /\r\n|\n|\r/] as const]) {
        const expected = written.split(pattern);
        const rest = expected.pop();
        expect(cut(written, cuts, { ends })).toEqual({ lines: expected, rest });
      }
    }),
  );
});

test('a line at its limit is one; above it only its two ends are left, and the next line is whole', () => {
  const cuts: string[] = [];
  const limit = {
    maxBytes: 1000,
    onTooLong: (head: Buffer, tail: Buffer) => cuts.push(`${head} ${tail}`),
  };
  for (const size of [1, 7, 300, 5000]) {
    cuts.length = 0;
    const long = `${'a'.repeat(300)}${'b'.repeat(401)}${'c'.repeat(300)}`;
    const found = cut(`${'x'.repeat(1000)}\n${long}\nnext\n${long}`, [size], { limit });
    expect(found).toEqual({ lines: ['x'.repeat(1000), 'next'], rest: '' });
    expect(cuts).toEqual([`${'a'.repeat(256)} ${'c'.repeat(256)}`]);
  }
});

test('a reader may end the reading as soon as the limit is passed, and raise the limit while it reads', () => {
  let maxBytes = 5;
  const passed: number[] = [];
  const options = {
    limit: {
      get maxBytes() {
        return maxBytes;
      },
      onPassed: (sizeBytes: number) => passed.push(sizeBytes),
    },
  };
  const lines: string[] = [];
  const reader = new ByteLines({
    ...options,
    onLine: (line) => {
      lines.push(line.toString());
      maxBytes = 20;
    },
  });
  reader.push(Buffer.from('12345\n1234567890'));
  expect([lines, passed]).toEqual([['12345'], []]);
  reader.push(Buffer.from('1234567890X'));
  expect(passed).toEqual([21]);
});
