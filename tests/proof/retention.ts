import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Store } from '../../src/core/storage/index.ts';
import { created, newRun, summary } from '../../src/core/storage/store.test-support.ts';
import { LocalProject } from '../support/local-project.ts';

/**
 * `<share> …`: the first process does all of it. Retention over 10,000 runs of mixed sizes with an index of all their words. What is removed frees what was said, fast
 * enough, leaves no word behind that later rows bring back, and no number of it is given again.
 */
const RUNS = 10_000;
const LATER_RUNS = 1_000;
const LINES = 5;
const DAY = 86_400_000;
const ROWS_AN_HOUR = 50_000;

// One project of that size, not several smaller ones: what a preview cannot know weighs less the more there is.
if (process.argv[2] !== '0') {
  console.log('[]');
  process.exit(0);
}
const wrong: string[] = [];
const must = (isSo: boolean, text: string): void => {
  if (!isSo) wrong.push(text);
};

const project = new LocalProject();
const state = join(project.path, '.aiworkflow/state');
const folder = join(state, 'workflow-state');
const open = (): Store =>
  new Store({
    ...{ storeFile: join(folder, 'state.db'), logsFile: join(folder, 'logs.db'), blobsDir: join(state, 'blobs') },
    ...{ onLog: () => undefined, onConversation: () => undefined, sync: 'NORMAL' },
  });

async function add(store: Store, runId: string, endedAt: number, said: string): Promise<void> {
  const times = { createdAt: endedAt, startedAt: endedAt, completedAt: endedAt };
  const run = summary(runId, { workflowId: `flow-${runId.length % 3}`, ...times });
  // Some hundred bytes to some pages each.
  const length = 20 + ((store.journal.position * 7919) % 600);
  await store.journal.append(newRun(store, { run, events: [created({ said: said.repeat(length) })] }));
  for (let line = 0; line < LINES; line += 1)
    store.logs.append(runId, { at: endedAt, path: 'a', stream: 'stdout', level: 'info', text: `${said} ${line}` });
}

const bytes = (): number => ['state.db', 'logs.db'].reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
const found = async (text: string): Promise<number> =>
  (await project.call('runs.search', { text, limit: 100 })).runs.length;

await project.call('storage.show', {});
await project.leave();
const seeded = open();
for (let at = 0; at < RUNS; at += 1)
  await add(
    seeded,
    `run-${at}`,
    Date.now() - (at % 3 === 0 ? 5 : 100) * DAY,
    at % 3 === 0 ? 'zither kept' : 'xylophone gone',
  );
while (await seeded.search.feed());
const highest = seeded.journal.position;
seeded.close();

const plan = await project.call('storage.plan', { days: 60 });
must(plan.runs === RUNS - Math.ceil(RUNS / 3), `${plan.runs} runs would go`);
must((await found('xylophone gone')) > 0, 'the index does not know what is there');
const before = bytes();
const beganAt = performance.now();
const done = await project.call('storage.cleanup', { days: 60, agrees: true });
const hours = (performance.now() - beganAt) / 3_600_000;
const rows = done.runs * (LINES + 1);
must(rows / hours >= ROWS_AN_HOUR, `only ${Math.round(rows / hours)} rows an hour were removed`);
const off = Math.abs(before - bytes() - plan.databaseBytes) / (before - bytes());
must(off <= 0.05, `the files are smaller by ${before - bytes()}, ${plan.databaseBytes} was said`);
await project.leave();

const later = open();
for (let at = 0; at < LATER_RUNS; at += 1) await add(later, `later-${at}`, Date.now(), 'cembalo new');
while (await later.search.feed());
const { problem } = await later.search.check();
must(problem === null, `the index is damaged: ${problem}`);
const numbers = later.journal.readRun('later-0').map(({ position }) => position);
must(Math.min(...numbers) > highest, `position ${Math.min(...numbers)} was given again`);
later.close();
must((await found('xylophone gone')) === 0, 'a deleted word is found');
must((await found('zither kept')) === 100, 'a word that stays is not found');
must(!readFileSync(join(folder, 'search.db')).includes('xylophone'), 'a deleted word stands in the file');
await project.close();
console.error(
  `retention: ${Math.round(rows / hours / 1000)} thousand rows an hour, the preview was off by ${(off * 100).toFixed(2)} %`,
);
const what = 'retention frees what was said, brings no word back, gives no number twice';
console.log(JSON.stringify([{ what, looked: RUNS, wrong, unit: 'runs' }]));
