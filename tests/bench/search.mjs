// The search over all runs at 100,000 runs and 1,000,000 log lines: what filling the index takes, how long a search takes with it and
// without, and what a full page says. `node tests/bench/search.mjs --dir=<empty dir> [--runs=100000] [--lines=1000000]`
import fs from 'node:fs';
import path from 'node:path';
import { loadEngine } from './load-engine.mjs';
import { emit, median, parseArgs, percentile, performance, round } from './measure.mjs';

const { dir, ...args } = parseArgs();
const runs = Number(args.runs ?? 100_000);
const lines = Number(args.lines ?? 1_000_000);
const { Store } = await loadEngine();
const ACTOR = { kind: 'user', id: 'bench', door: 'cli' };
const WORDS =
  'invoice customer letter server payment timeout order bank note mail report agent branch retry upload queue'.split(
    ' ',
  );
const word = (n) => WORDS[(n * 2_654_435_761) % WORDS.length];
const CREATED = {
  type: 'run.created',
  workflowName: 'Flow',
  workflowPath: 'flow.md',
  versionHash: 'h',
  versionLabel: '1.0.0',
};
const REST = {
  startKey: null,
  stepsTotal: 1,
  agent: null,
  model: null,
  timeoutMs: null,
  parentRunId: null,
  linkedRunId: null,
};
const cost = { usd: '0', calls: 0, unpricedCalls: 0 };

const open = () =>
  new Store({
    ...{
      storeFile: path.join(dir, 'state.db'),
      logsFile: path.join(dir, 'logs.db'),
      blobsDir: path.join(dir, 'blobs'),
    },
    ...{ onLog: () => {}, onConversation: () => {}, sync: 'NORMAL' },
  });

async function seed(store) {
  let waiting = [];
  for (let at = 0; at < runs; at += 1) {
    const runId = `run-${at}`;
    const said = `${word(at)} ${word(at + 7)} ${at}`;
    const events = [
      {
        ...CREATED,
        ...REST,
        workflowId: `flow-${at % 20}`,
        inputs: { customer: said },
        trigger: { type: 'manual' },
        originRunId: runId,
        carried: [],
      },
      {
        type: 'step.completed',
        path: 'a',
        attempt: 1,
        output: { answer: `the ${word(at + 3)} of ${said} has gone`, list: [at, at * 7] },
        outputs: null,
        variables: null,
        warnings: [],
      },
      {
        type: 'run.completed',
        outcome: 'success',
        outputs: { total: at * 3 },
        error: null,
        successConditions: [],
        warnings: [],
      },
    ].map((event, seq) => ({
      position: store.journal.takePosition(),
      stream: `run:${runId}`,
      seq: seq + 1,
      v: 1,
      at,
      actor: ACTOR,
      event,
    }));
    const run = {
      ...CREATED,
      ...REST,
      type: undefined,
      runId,
      workflowId: `flow-${at % 20}`,
      status: 'completed',
      outcome: 'success',
      trigger: 'manual',
      actor: 'bench',
      createdAt: at,
      startedAt: at,
      completedAt: at + 9,
      workedMs: 9,
      workingSince: null,
      stepsSucceeded: 1,
      stepsFailed: 0,
      stepsSkipped: 0,
      currentStep: null,
      error: null,
      waitsFor: null,
      wakeAt: null,
      hears: null,
      pauseRequested: false,
      cancelRequested: false,
      cost,
    };
    waiting.push(
      store.journal.append({
        runNo: store.journal.takeRunNo(),
        isNew: true,
        isProgressOnly: false,
        startKey: null,
        events,
        run,
        steps: [],
      }),
    );
    for (let line = 0; line < lines / runs; line += 1)
      store.logs.append(runId, {
        at,
        path: 'a',
        stream: 'stdout',
        level: 'info',
        text: `${line} ${word(at + line)} ${word(at * line)} took ${(at * 31 + line) % 977} ms for ${at}-${line}, code ${((at + 1) * (line + 3) * 7919).toString(16)}`,
      });
    if (waiting.length < 500) continue;
    await Promise.all(waiting);
    waiting = [];
  }
  await Promise.all(waiting);
  store.logs.append(`run-${Math.floor(runs / 3)}`, {
    at: 1,
    path: 'a',
    stream: 'stdout',
    level: 'info',
    text: 'the only zyzzyva of all',
  });
  store.logs.flush();
}

const ALL = { filter: {}, limit: 20, places: 3 };
const QUERIES = {
  'one line of all': { text: 'only zyzzyva' },
  'a common word': { text: 'timeout' },
  'two words that stand beside each other': { text: 'server payment' },
  'a number': { text: `${Math.floor(runs / 2)}-7` },
  'what nobody says': { text: 'nobody says this' },
  'what nobody says, of common pieces': { text: 'the server took the bank mail' },
  'a common word in one workflow of 20': { text: 'invoice', filter: { workflow: 'flow-3' } },
};

async function timed(work) {
  const begun = performance.now();
  const value = await work();
  return { ms: performance.now() - begun, value };
}

/** Until the page is full or the end is reached, as the screen and the terminal do. */
async function search(store, query) {
  const found = [];
  let calls = 0;
  for (let before; ; ) {
    const page = await store.search.find({ ...ALL, ...query, before, limit: ALL.limit - found.length });
    calls += 1;
    found.push(...page.runs);
    if (page.next === null || found.length >= ALL.limit) return { runs: found.length, calls };
    before = page.next;
  }
}

const store = open();
const seeding = await timed(() => seed(store));
const bytes = (name) => fs.statSync(path.join(dir, name)).size;
const look = await timed(() => store.search.find({ ...ALL, text: 'only zyzzyva' }));
emit({ seeded_s: round(seeding.ms / 1000, 1), first_page_without_index_ms: round(look.ms, 0) });
const batches = [];
for (;;) {
  const { ms, value } = await timed(() => store.search.feed());
  batches.push(ms);
  // As in the product: what a batch leaves behind, such as statements of SQLite, is let go of between two.
  await new Promise((resolve) => setImmediate(resolve));
  if (!value) break;
}
emit({
  fill_s: round(batches.reduce((sum, ms) => sum + ms, 0) / 1000, 1),
  batches: batches.length,
  batch_p50_ms: round(median(batches), 2),
  batch_p99_ms: round(percentile(batches, 99), 1),
  batch_max_ms: round(Math.max(...batches), 1),
  ...{
    search_db_mb: round(bytes('search.db') / 1e6, 1),
    logs_db_mb: round(bytes('logs.db') / 1e6, 1),
    state_db_mb: round(bytes('state.db') / 1e6, 1),
  },
});
for (const [what, query] of Object.entries(QUERIES)) {
  const all = [];
  for (let rep = 0; rep < 7; rep += 1) all.push(await timed(() => search(store, query)));
  const times = all.map(({ ms }) => ms);
  emit({
    what,
    ...all[0].value,
    first_ms: round(times[0], 1),
    p50_ms: round(median(times), 1),
    max_ms: round(Math.max(...times), 1),
  });
}
const check = await timed(() => store.search.check());
emit({ check: check.value, check_s: round(check.ms / 1000, 1) });
store.close();
const again = open();
const reopened = await timed(() => search(again, QUERIES['one line of all']));
emit({ first_search_after_opening_ms: round(reopened.ms, 0) });
const forgetting = await timed(() => {
  for (let at = 0; at < 1000; at += 1) again.search.forget(`run-${at * 10}`);
});
emit({ forget_1000_runs_ms: round(forgetting.ms, 0) });
again.close();
