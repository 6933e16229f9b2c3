import { afterEach, expect, it } from 'vitest';
import { cleanUp, makeFolder, openStore } from './store.test-support.ts';

afterEach(cleanUp);

it('breakers are kept by kind and name over a restart; the last word counts', () => {
  const folder = makeFolder();
  const store = openStore(folder);
  const open = { state: 'open', failures: 3, openedAt: 1_000, calls: 0, successes: 0 } as const;
  const closed = { state: 'closed', failures: 0, openedAt: null, calls: 0, successes: 0 } as const;
  store.breakers.save('agent', 'alpha', closed);
  store.breakers.save('agent', 'alpha', open);
  store.breakers.save('tool', 'alpha', closed);
  store.close();
  const { breakers } = openStore(folder);
  expect(breakers.load('agent', 'alpha')).toEqual(open);
  expect(breakers.load('tool', 'alpha')).toEqual(closed);
  expect(breakers.load('agent', 'beta')).toBeNull();
});
