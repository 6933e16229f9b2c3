import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createOutputCapture, decodeOutput, INLINE_BYTES } from './output-capture.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'aiw-capture-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function capture(limitBytes: number, file = join(dir, 'out')) {
  const seen = { lines: [] as string[], overflows: 0 };
  const output = createOutputCapture({
    ...{ file, limitBytes },
    onLines: (lines) => seen.lines.push(...lines),
    onOverflow: () => {
      seen.overflows += 1;
    },
  });
  return { output, seen };
}

test('small output stays in memory, large output becomes a private file', async () => {
  const small = capture(1_000_000);
  small.output.push(Buffer.from('a\nb'));
  expect(await small.output.finish()).toEqual({ text: 'a\nb' });
  expect(small.seen).toEqual({ lines: ['a', 'b'], overflows: 0 });
  const large = capture(1_000_000);
  const bytes = Buffer.alloc(INLINE_BYTES + 1, 'x');
  for (let at = 0; at < bytes.length; at += 1000) large.output.push(bytes.subarray(at, at + 1000));
  expect(await large.output.finish()).toEqual({ file: 'out', cut: false });
  expect(readFileSync(join(dir, 'out')).equals(bytes)).toBe(true);
  expect(statSync(join(dir, 'out')).mode & 0o777).toBe(0o600);
});

test('the limit is exact and told once', async () => {
  const { output, seen } = capture(5);
  output.push(Buffer.from('12345'));
  expect(output.isCut()).toBe(false);
  output.push(Buffer.from('6'));
  output.push(Buffer.from('7'));
  expect(output.isCut()).toBe(true);
  expect(await output.finish()).toEqual({ text: '12345' });
  expect(seen).toEqual({ lines: ['12345'], overflows: 1 });
});

test('a disk that refuses costs memory, not output', async () => {
  const { output } = capture(1_000_000, join(dir, 'no', 'such', 'folder'));
  output.push(Buffer.alloc(INLINE_BYTES + 10, 'y'));
  output.push(Buffer.from('end'));
  expect(await output.finish()).toEqual({ text: `${'y'.repeat(INLINE_BYTES + 10)}end` });
});

test('a cut drops a broken character, and only that', () => {
  expect(decodeOutput(Buffer.from('aä').subarray(0, 2), true)).toBe('a');
  expect(decodeOutput(Buffer.from('a😀').subarray(0, 4), true)).toBe('a');
  expect(decodeOutput(Buffer.from('a😀'), true)).toBe('a😀');
  expect(decodeOutput(Buffer.from('aä').subarray(0, 2), false)).toBe('a\ufffd');
});
