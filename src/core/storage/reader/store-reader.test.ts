import { rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { cleanUp, created, makeFolder, newRun, openStore, summary } from '../store.test-support.ts';
import { StoreReader } from './store-reader.ts';

afterEach(cleanUp);

const add = (store: ReturnType<typeof openStore>, runId: string): Promise<void> =>
  store.journal.append(newRun(store, { run: summary(runId), events: [created({ text: `zither of ${runId}` })] }));
const ALL = { filter: {}, limit: 20, places: 10 };

it('sees what was committed before it was asked, also what came after its last answer', async () => {
  const store = openStore();
  for (const runId of ['one', 'two']) {
    await add(store, runId);
    const { runs } = await store.search.find({ ...ALL, text: 'zither' });
    expect(runs[0]?.run.runId).toBe(runId);
  }
  expect(await store.reader.ask('checkState', undefined)).toBeNull();
});

it('carries the errors of a question over as they are', async () => {
  const store = openStore();
  const asked = store.reader.ask('costRecords', { limit: 1, cursor: 'none of ours' });
  await expect(asked).rejects.toMatchObject({ code: 'contract.invalid_input', kind: 'invalid' });
});

it('says which file it cannot read, and answers about the others', async () => {
  const folder = makeFolder();
  const store = openStore(folder);
  await add(store, 'one');
  truncateSync(join(folder, 'logs.db'), 100);
  const places = { storeFile: 'state.db', logsFile: 'logs.db', searchFile: 'none.db' };
  const reader = new StoreReader({
    ...Object.fromEntries(Object.entries(places).map(([name, file]) => [name, join(folder, file)])),
    blobsDir: join(folder, 'blobs'),
  } as ConstructorParameters<typeof StoreReader>[0]);
  await expect(reader.ask('checkIndex', undefined)).rejects.toMatchObject({
    code: 'file.io',
    details: { file: join(folder, 'none.db') },
  });
  // Lines that cannot be read are not found; the page of the run says why.
  const lines = { runId: 'one', text: 'x', after: 0, to: 9, limit: 9 };
  expect(await reader.ask('linesHolding', lines)).toEqual([]);
  const block = { afterSeq: 0, toSeq: 1, afterLine: 0, toLine: 0 };
  expect(await reader.ask('blockTexts', { runId: 'one', block })).toMatchObject([{ text: 'text: zither of one' }]);
  await reader.close();
});

it('tells whoever waits, or asks later, that the store was closed; its files can go then', async () => {
  const folder = makeFolder();
  const store = openStore(folder);
  const waiting = store.reader.ask('costSummary', {});
  const closing = store.reader.close();
  await expect(waiting).rejects.toMatchObject({ code: 'engine.stopped' });
  await expect(store.reader.ask('costSummary', {})).rejects.toMatchObject({ code: 'engine.stopped' });
  await closing;
  store.close();
  rmSync(folder, { recursive: true });
});
