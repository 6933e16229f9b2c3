import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { decodeCutText, firstBytesOf, readFirstBytes } from './caps.ts';

test('a cut drops a broken character, and only that', () => {
  expect(decodeCutText(Buffer.from('aä').subarray(0, 2))).toBe('a');
  expect(decodeCutText(Buffer.from('a😀').subarray(0, 4))).toBe('a');
  expect(decodeCutText(Buffer.from('a😀'))).toBe('a😀');
  expect(firstBytesOf('aä😀', 6)).toBe('aä');
  expect(firstBytesOf('aä😀', 7)).toBe('aä😀');
});

test('the first bytes of a stream end its reading; one that breaks off counts where that is wanted', async () => {
  let isDestroyed = false;
  const endless = Readable.from(
    (function* () {
      try {
        for (;;) yield Buffer.from('abc');
      } finally {
        isDestroyed = true;
      }
    })(),
  );
  expect((await readFirstBytes(endless, 7)).toString()).toBe('abcabca');
  expect(isDestroyed).toBe(true);
  const broken = () =>
    Readable.from(
      (function* () {
        yield Buffer.from('half');
        throw new Error('broke off');
      })(),
    );
  expect((await readFirstBytes(broken(), 100, { isForgiving: true })).toString()).toBe('half');
  await expect(readFirstBytes(broken(), 100)).rejects.toThrow('broke off');
});
