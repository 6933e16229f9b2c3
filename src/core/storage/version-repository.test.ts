import { afterEach, describe, expect, it } from 'vitest';
import { addRun, cleanUp, makeFolder, openStore } from './store.test-support.ts';

afterEach(cleanUp);

const version = (hash: string, firstSeenAt: number) => ({
  hash,
  workflowId: 'flow',
  label: '1.0.0',
  source: `# ${hash}`,
  sourceName: 'workflow.md',
  firstSeenAt,
});

describe('started versions', () => {
  it('are remembered once, listed newest first with their runs', async () => {
    const folder = makeFolder();
    const store = openStore(folder);
    store.versions.save(version('a', 1));
    store.versions.save(version('b', 2));
    store.versions.save({ ...version('a', 9), source: 'another' });
    store.versions.save({ ...version('c', 3), workflowId: 'else' });
    await addRun(store, 'r1', { versionHash: 'a' });
    await addRun(store, 'r2', { versionHash: 'a' });
    store.close();
    const { versions } = openStore(folder);
    expect(versions.find('a')).toEqual(version('a', 1));
    expect(versions.find('z')).toBeNull();
    expect(versions.list('flow')).toEqual([
      { ...version('b', 2), runs: 0 },
      { ...version('a', 1), runs: 2 },
    ]);
  });
});
