import { expect, it } from 'vitest';
import { createFrameQueue } from './frame-queue.ts';

it('hands everything of a frame on at once and in order', () => {
  const frames: (() => void)[] = [];
  const taken: (readonly number[])[] = [];
  const queue = createFrameQueue<number>(
    (items) => taken.push(items),
    (run) => {
      frames.push(run);
      return () => undefined;
    },
  );
  queue.push([1]);
  queue.push([2, 3]);
  queue.push([]);
  expect([frames.length, taken.length]).toEqual([1, 0]);
  frames[0]?.();
  queue.push([4]);
  expect(taken).toEqual([[1, 2, 3]]);
  queue.close();
  frames[1]?.();
  queue.push([5]);
  expect(frames.length).toBe(2);
  expect(taken.flat()).toEqual([1, 2, 3]);
});
