import { expect, it } from 'vitest';
import { randomHex } from './index.ts';

it('random bytes are as many as were asked for and no others were given before, also where what was drawn at once ends', () => {
  const sizes = [16, 10, 4, 32, 16, 1, 4096, 5000, 16];
  for (const size of sizes) expect(randomHex(size)).toMatch(new RegExp(`^([0-9a-f]{2}){${size}}$`));
  const many = Array.from({ length: 2000 }, () => randomHex(10));
  expect(new Set(many).size).toBe(2000);
  expect(many.every((one) => /[1-9a-f]/.test(one))).toBe(true);
});
