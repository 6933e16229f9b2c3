import { expect, it } from 'vitest';
import type { ApprovalStatus, ApprovalSummary } from '../../../shared/model/approval.ts';
import { chosenId, nextPending, partsOf, readRequestAddress, requestAddress, sortRequests } from './request-list.ts';

type Listed = ApprovalSummary & { readonly isForReader: boolean };
const request = (id: string, more: Partial<Listed> = {}): Listed =>
  ({
    id,
    runId: `run-${id}`,
    status: 'pending',
    createdAt: 1,
    expiresAt: null,
    resolvedAt: null,
    isAskedAgain: false,
    isForReader: true,
    ...more,
  }) as Listed;
const decided = (id: string, resolvedAt: number, status: ApprovalStatus = 'approved'): Listed =>
  request(id, { status, resolvedAt });

it('what expires first comes first, then what was asked first; then what others decide, then what was decided, the newest first', () => {
  const rows = [
    decided('old', 10),
    request('others', { createdAt: 1, expiresAt: 5, isForReader: false }),
    request('late', { createdAt: 9 }),
    request('early', { createdAt: 2 }),
    decided('new', 20, 'rejected'),
    request('urgent', { createdAt: 30, expiresAt: 99 }),
  ];
  expect(sortRequests(rows).map(({ id }) => id)).toEqual(['urgent', 'early', 'late', 'others', 'new', 'old']);
});

it('what waits is parted by who decides it, what one has asked for by whether it waits', () => {
  const waiting = [request('mine'), request('others', { isForReader: false })];
  expect(partsOf('pending', waiting)).toEqual([
    { part: 'forYou', size: 1 },
    { part: 'forOthers', size: 1 },
  ]);
  expect(partsOf('own', [...waiting, decided('old', 10)])).toEqual([
    { part: 'waiting', size: 2 },
    { part: 'decided', size: 1 },
  ]);
  expect(partsOf('decided', [decided('old', 10)])).toEqual([]);
});

it('the asked request is shown, also when it has left the list; else the one of the run, else the first', () => {
  const rows = [request('a'), request('b')];
  const at = (query: string) => chosenId(readRequestAddress(new URLSearchParams(query)), rows);
  expect([at(''), at('run=run-b'), at('id=gone'), at('run=other')]).toEqual(['a', 'b', 'gone', 'a']);
  expect(requestAddress({ show: 'decided', id: 'x' })).toBe('/approvals?show=decided&id=x');
  expect(readRequestAddress(new URLSearchParams('show=evil')).show).toBe('pending');
});

it('after a decision comes the next one that waits, else the one before it, else none', () => {
  const rows = [request('a'), request('b'), decided('c', 1), request('d')];
  expect([nextPending(rows, 'b'), nextPending(rows, 'd'), nextPending([request('a')], 'a')]).toEqual(['d', 'b', null]);
});
