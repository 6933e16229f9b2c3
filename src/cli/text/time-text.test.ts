import { expect, it } from 'vitest';
import { durationText } from './time-text.ts';

it.each([
  [0, '0s'],
  [42, '42ms'],
  [4_830, '4.8s'],
  [9_960, '10s'],
  [122_000, '2m 02s'],
  [3_900_000, '1h 05m'],
  [187_200_000, '2d 4h'],
])('%d ms took %s, with the units of the screens', (ms, text) => {
  expect(durationText(ms)).toBe(text);
});
