import { expect, it } from 'vitest';
import { lineLink, readRunAddress, writeRunAddress } from './run-address.ts';

const OPENED = {
  tab: null,
  selected: null,
  isChosen: false,
  conversationPath: null,
  line: null,
  shape: 'list',
  onlyFailed: null,
  isReplaying: false,
} as const;
const again = (choices: Parameters<typeof writeRunAddress>[0]) =>
  readRunAddress(new URLSearchParams(writeRunAddress(choices).toString()));

it('gives back what was chosen', () => {
  const agent = {
    ...OPENED,
    tab: 'agent',
    selected: 'step_2.call[1]',
    isChosen: true,
    conversationPath: 'step_2',
  } as const;
  expect(again(agent)).toEqual(agent);
  const line = { ...OPENED, tab: 'log', line: 48_219 } as const;
  expect(again(line)).toEqual(line);
  const graph = { ...OPENED, shape: 'graph', onlyFailed: 'each', isReplaying: true } as const;
  expect(again(graph)).toEqual(graph);
  const log = { ...OPENED, tab: 'log' } as const;
  expect(again(log)).toEqual(log);
});

it('holds nothing that shows by itself, and takes only tabs and lines that there can be', () => {
  expect(writeRunAddress({ ...OPENED, selected: 'step_1' }).toString()).toBe('');
  expect(writeRunAddress({ ...OPENED, tab: 'files', line: 7 }).toString()).toBe('tab=files');
  for (const wrong of ['tab=<b>', 'line=0', 'line=-1', 'line=1e9', 'line=12345678901', 'view=tree'])
    expect(readRunAddress(new URLSearchParams(wrong))).toEqual(OPENED);
});

it('a line has an address to hand on, which shows the log there', () => {
  const link = lineLink('a/b-1', 12);
  expect(link).toBe('#/runs/a%2Fb-1?line=12');
  expect(readRunAddress(new URLSearchParams(link.slice(link.indexOf('?'))))).toEqual({
    ...OPENED,
    tab: 'log',
    line: 12,
  });
});
