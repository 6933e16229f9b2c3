import { expect, it } from 'vitest';
import { ToldTexts } from './told-texts.ts';

it('knows what comes back late, and leaves what was typed meanwhile', () => {
  const told = new ToldTexts();
  told.tell('Zo');
  told.tell('Zoe');
  expect(told.takesBack('Zo', 'Zoe m')).toBe(true);
  expect(told.takesBack('Zoe', 'Zoe mo')).toBe(true);
});

it('takes a text that nobody told for that of somebody else, also one that was told once and has come', () => {
  const told = new ToldTexts();
  told.tell('a');
  told.tell('ab');
  told.tell('a');
  // Only the last was drawn.
  expect(told.takesBack('a', 'a')).toBe(true);
  expect(told.takesBack('ab', 'a')).toBe(false);
  told.tell('x');
  expect(told.takesBack('of a link', 'x')).toBe(false);
  expect(told.takesBack('x', 'x')).toBe(false);
});
