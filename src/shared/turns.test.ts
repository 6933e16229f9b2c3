import { expect, it } from 'vitest';
import { createTurns } from './turns.ts';

it('begins each piece after the one before has ended, also where that one failed', async () => {
  const inTurn = createTurns();
  const seen: string[] = [];
  let end: () => void = () => {};
  const first = inTurn(async () => {
    seen.push('first begins');
    await new Promise<void>((resolve) => {
      end = resolve;
    });
    seen.push('first ends');
    throw new Error('broken');
  });
  const second = inTurn(async () => {
    seen.push('second');
    return 2;
  });
  const failed = expect(first).rejects.toThrow('broken');
  await expect.poll(() => seen).toEqual(['first begins']);
  end();
  await failed;
  expect(await second).toBe(2);
  expect(seen).toEqual(['first begins', 'first ends', 'second']);
});
