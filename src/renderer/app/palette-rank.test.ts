import { expect, it } from 'vitest';
import { type Ranked, type RankedGroup, rank, rankGroups, rankOf } from './palette-rank.ts';

const names = (entries: readonly { readonly name: string }[]): readonly string[] => entries.map(({ name }) => name);

it('ranks a name above other words, and both above a description', () => {
  const entries = [
    { name: 'Invoices', isFound: true },
    { name: 'Halt', words: 'stop report' },
    { name: 'Weekly report', isFound: true },
    { name: 'Report' },
    { name: 'Reports of the month' },
    { name: 'Other' },
  ];
  expect(names(rank('report', entries))).toEqual([
    'Report',
    'Reports of the month',
    'Weekly report',
    'Halt',
    'Invoices',
  ]);
});

it('takes every word anywhere, in any order and case', () => {
  expect(rankOf('RUN stop', { name: 'Cancel this run', words: 'stop abort' })).not.toBeNull();
  expect(rankOf('run halt', { name: 'Cancel this run', words: 'stop abort' })).toBeNull();
});

it('puts what somebody was at lately before what fits as well, not before what fits better', () => {
  const entries = [{ name: 'Mail a' }, { name: 'Mail b', isRecent: true }, { name: 'Mail' }];
  expect(names(rank('mail', entries))).toEqual(['Mail', 'Mail b', 'Mail a']);
});

it('keeps the order where nothing is typed, and puts the group of the best hit on top', () => {
  const groups: readonly RankedGroup<Ranked>[] = [
    { heading: 'Workflows', entries: [{ name: 'Audit', isFound: true }] },
    { heading: 'Actions', entries: [{ name: 'Copy the id' }, { name: 'Check all agents', isRecent: true }] },
  ];
  expect(rankGroups('', groups)).toEqual(groups);
  expect(rankGroups('check', groups)).toEqual([
    { heading: 'Actions', entries: [{ name: 'Check all agents', isRecent: true }] },
    { heading: 'Workflows', entries: [{ name: 'Audit', isFound: true }] },
  ]);
});
