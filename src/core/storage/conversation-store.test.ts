import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, expect, it } from 'vitest';
import type { ConversationEntry } from '../../shared/model/agent.ts';
import { cleanUp, makeFolder, openStore } from './store.test-support.ts';

afterEach(cleanUp);

const said = (text: string, path = 'a'): Omit<ConversationEntry, 'entry'> => ({
  at: 1,
  path,
  attempt: 1,
  agent: 'claude',
  item: { kind: 'text', text },
});
const told = (entries: readonly ConversationEntry[]): readonly (readonly [number, string])[] =>
  entries.map(({ entry, item }) => [entry, item.kind === 'text' ? item.text : item.kind]);

it('gives what waits while another program holds the file; what was read once is joined to nothing and keeps its number', () => {
  const folder = makeFolder();
  const store = openStore(folder);
  const { conversations } = store;
  conversations.append('r', said('written'));
  conversations.flush();
  const other = new Database(join(folder, 'logs.db'));
  other.exec('BEGIN IMMEDIATE');
  conversations.append('r', said('wai'));
  conversations.append('r', said('ting'));
  conversations.append('r', said('elsewhere', 'b'));
  conversations.append('new', said('first'));
  const read = (runId: string, more: object = {}) => {
    const { entries, total } = conversations.read(runId, { from: 1, limit: 10, ...more });
    return [told(entries), total];
  };
  const all = [
    [1, 'written'],
    [2, 'waiting'],
    [3, 'elsewhere'],
  ];
  expect(read('r')).toEqual([all, 3]);
  expect([read('r', { from: 2, limit: 1 }), read('r', { path: 'b' }), read('r', { from: 4 })]).toEqual([
    [all.slice(1, 2), 3],
    [all.slice(2), 3],
    [[], 3],
  ]);
  expect([conversations.total('r'), conversations.total('new'), conversations.total('nobody')]).toEqual([3, 1, 0]);
  expect(read('new')).toEqual([[[1, 'first']], 1]);
  conversations.append('r', said(' again', 'b'));
  const whole = [...all, [4, ' again']];
  expect(read('r')).toEqual([whole, 4]);
  expect(() => conversations.delete('r')).toThrow(expect.objectContaining({ code: 'store.busy' }));
  conversations.delete('new');
  other.exec('ROLLBACK');
  other.close();
  store.close();
  const again = openStore(folder).conversations.read('r', { from: 1, limit: 10 });
  expect([told(again.entries), again.total]).toEqual([whole, 4]);
  expect(openStore(folder).conversations.total('new')).toBe(0);
});
