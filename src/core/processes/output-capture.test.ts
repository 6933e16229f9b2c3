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

function capture(limitBytes: number, file = join(dir, 'out'), keepsEnds = false) {
  const seen = { lines: [] as string[], overflows: 0 };
  const onOverflow = (): void => {
    seen.overflows += 1;
  };
  const output = createOutputCapture({
    ...{ file, limitBytes },
    above: keepsEnds ? { kind: 'keep_ends' } : { kind: 'stop', onOverflow },
    onLines: (lines) => seen.lines.push(...lines),
    onOpen: () => undefined,
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

test('above the limit both ends are kept, in whole lines, with the gap told between them; every line goes on', async () => {
  const { output, seen } = capture(1000, join(dir, 'ends'), true);
  const lines = Array.from({ length: 500 }, (_, index) => `line ${String(index).padStart(3, '0')}`);
  for (let at = 0; at < lines.length; at += 5) output.push(Buffer.from(`${lines.slice(at, at + 5).join('\n')}\n`));
  expect(output.isCut()).toBe(true);
  const { text } = (await output.finish()) as { readonly text: string };
  expect(seen.lines).toEqual(lines);
  const [head = '', gap, tail = ''] = text.split(/\n(\[\d+ bytes are left out here\])\n/);
  expect(text.length).toBeLessThan(1050);
  expect(gap).toBe(`[${4500 - head.length - tail.length} bytes are left out here]`);
  expect(head.trim().split('\n')).toEqual(lines.slice(0, 22));
  expect(tail.trim().split('\n')).toEqual(lines.slice(-88));
});

test('at the limit nothing is left out, wherever the chunks are cut', async () => {
  for (const size of [1, 7, 300, 1000]) {
    const { output } = capture(1000, join(dir, `at-${size}`), true);
    const bytes = Buffer.from('ü'.repeat(500));
    for (let at = 0; at < bytes.length; at += size) output.push(bytes.subarray(at, at + size));
    expect(output.isCut()).toBe(false);
    expect(await output.finish()).toEqual({ text: 'ü'.repeat(500) });
  }
});
