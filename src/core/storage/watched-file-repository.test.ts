import { afterEach, expect, it } from 'vitest';
import { cleanUp, makeFolder, openStore } from './store.test-support.ts';

afterEach(cleanUp);

const file = (path: string, hash: string | null = null) => ({
  path,
  size: 1,
  mtimeMs: 1_764_000_000_123,
  inode: '7',
  hash,
});
const KEY = 'flow/inbox';

it('what a watch has seen is kept over a restart, each watch for itself', () => {
  const folder = makeFolder();
  const store = openStore(folder);
  for (const key of [KEY, 'flow/other']) store.triggers.ensure({ key, kind: 'file', workflowId: 'flow' }, 1);
  const { watchedFiles } = store;
  expect(watchedFiles.rootMark(KEY)).toBeNull();
  watchedFiles.write(KEY, { put: ['a.txt', 'a/1', 'a/b/2', 'a-b/3', 'a0'].map((path) => file(path)), drop: [] });
  watchedFiles.markRoot(KEY, 'root');
  watchedFiles.write(KEY, { put: [file('a/1', 'abc')], drop: ['a0', 'never there'] });
  store.close();
  const later = openStore(folder).watchedFiles;
  expect(later.rootMark(KEY)).toBe('root');
  expect(later.find(KEY, 'a/1')).toEqual(file('a/1', 'abc'));
  expect(later.find(KEY, 'a0')).toBeNull();
  expect(later.below(KEY, '').map(({ path }) => path)).toEqual(['a-b/3', 'a.txt', 'a/1', 'a/b/2']);
  expect(later.below(KEY, 'a').map(({ path }) => path)).toEqual(['a/1', 'a/b/2']);
  expect([later.hasBelow(KEY, 'a/b'), later.hasBelow(KEY, 'a.txt'), later.count(KEY)]).toEqual([true, false, 4]);
  expect([later.count('flow/other'), later.rootMark('flow/other')]).toEqual([0, null]);
  later.forget(KEY);
  expect([later.count(KEY), later.rootMark(KEY)]).toEqual([0, null]);
});

it('a delivery and what the cursor learns with it are one commit', () => {
  const store = openStore();
  store.triggers.ensure({ key: KEY, kind: 'file', workflowId: 'flow' }, 1);
  const learn = (): void => store.watchedFiles.write(KEY, { put: [file('a.txt')], drop: [] });
  const fail = (): void => {
    throw new Error('the disk is full');
  };
  expect(() => store.deliveries.add([], [learn, fail])).toThrow('the disk is full');
  expect(store.watchedFiles.count(KEY)).toBe(0);
  store.deliveries.add([], [learn]);
  expect(store.watchedFiles.count(KEY)).toBe(1);
});
