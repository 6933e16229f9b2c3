import { expect, it } from 'vitest';
import { readRunAddress, writeRunAddress } from './run-address.ts';

it('gives back what was chosen', () => {
  const chosen = { tab: 'agent', selected: 'step_2.call[1]', isChosen: true, conversationPath: 'step_2' } as const;
  expect(readRunAddress(new URLSearchParams(writeRunAddress(chosen).toString()))).toEqual(chosen);
});

it('holds nothing that shows by itself, and takes only tabs that there are', () => {
  const opened = { tab: 'log', selected: 'step_1', isChosen: false, conversationPath: null } as const;
  expect(writeRunAddress(opened).toString()).toBe('');
  expect(readRunAddress(new URLSearchParams('tab=<b>'))).toEqual({
    tab: 'log',
    selected: null,
    isChosen: false,
    conversationPath: null,
  });
});
