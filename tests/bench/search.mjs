// A project of 100,000 runs, 1,000,000 log lines and 1,000,000 calls of models: what filling the index of the search takes, how long a search
// takes with it and without, what costs, lists and charts take, and for how long the thread of the engine is held meanwhile.
// `node tests/bench/search.mjs --dir=<empty dir> [--runs=100000] [--lines=1000000] [--costs=1000000]`; a folder that an earlier one has filled is taken
// as it is. With `--only=runs`, then `--only=costs`, then `--only=index` it is filled in three parts, and nothing is measured.
import fs from 'node:fs';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import Database from 'better-sqlite3';
import { loadEngine } from './load-engine.mjs';
import { emit, median, parseArgs, percentile, performance, round } from './measure.mjs';

const { dir, ...args } = parseArgs();
const runs = Number(args.runs ?? 100_000);
const lines = Number(args.lines ?? 1_000_000);
const costs = Number(args.costs ?? 1_000_000);
const DAY_MS = 86_400_000;
const SPAN_MS = 30 * DAY_MS;
const BEGIN = Math.floor(Date.now() / DAY_MS) * DAY_MS - SPAN_MS;
/** Runs and calls are spread over the last 30 days. */
const instant = (at, of) => BEGIN + Math.floor((at / of) * SPAN_MS);
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
      createdAt: instant(at, runs),
      startedAt: instant(at, runs),
      completedAt: instant(at, runs) + 9,
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

function seedCosts() {
  const db = new Database(path.join(dir, 'state.db'));
  db.prepare(`INSERT INTO cost_records(at, workflow_id, run_id, step, agent, model, input_tokens, output_tokens, cached_tokens,
    reasoning_tokens, cost_e10, source, metadata)
    WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < @costs - 1)
    SELECT @begin + CAST(i * @step AS INTEGER), 'flow-' || (i % 5), 'run-' || (i / 10), 'ask', 'agent-' || (i % 3), 'model-' || (i % 4),
      1000, 500, 0, 0, 75000000 + i % 1000, 'computed', '{}' FROM n`).run({
    costs,
    begin: BEGIN,
    step: SPAN_MS / costs,
  });
  db.close();
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

/** `cpu_ms`: time on a processor of all threads, which other programs do not lengthen as they do `ms`. */
async function timed(work) {
  const [begun, cpu] = [performance.now(), process.cpuUsage()];
  const value = await work();
  const { user, system } = process.cpuUsage(cpu);
  return { ms: performance.now() - begun, cpu_ms: (user + system) / 1000, value };
}

const leastCpu = (all) => round(Math.min(...all.map((one) => one.cpu_ms)), 1);

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

/** Does a part of the filling that no earlier one has finished. */
async function fill(part, work) {
  const mark = path.join(dir, `${part}-filled`);
  if (fs.existsSync(mark) || (args.only !== undefined && args.only !== part)) return;
  const { ms } = await timed(work);
  fs.writeFileSync(mark, '');
  emit({ filled: part, seconds: round(ms / 1000, 1) });
}

if (fs.existsSync(path.join(dir, 'state.db')) && !fs.existsSync(path.join(dir, 'runs-filled')))
  throw new Error(`${dir} was filled by half: begin with an empty one`);
const store = open();
await fill('runs', () => seed(store));
await fill('costs', async () => seedCosts());
if (args.only === 'runs' || args.only === 'costs') {
  await store.reader.close();
  store.close();
  process.exit();
}
const bytes = (name) => fs.statSync(path.join(dir, name)).size;
const look = await timed(() => store.search.find({ ...ALL, text: 'only zyzzyva' }));
emit({ first_page_before_filling_ms: round(look.ms, 0) });
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
if (args.only === 'index') {
  await store.reader.close();
  store.close();
  process.exit();
}
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
    cpu_ms: leastCpu(all),
  });
}
async function held(work) {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const { ms, cpu_ms, value } = await timed(work);
  delay.disable();
  return { ms, cpu_ms, value, held_ms: round(delay.max / 1e6, 1) };
}

/** Days on the clocks of a zone two hours before those of UTC: none of them is a day of UTC. */
const days = Array.from({ length: 31 }, (_, at) => ({
  name: String(at),
  startsAt: BEGIN + at * DAY_MS - 7_200_000,
  endsAt: BEGIN + (at + 1) * DAY_MS - 7_200_000,
}));
const months = [{ name: 'all', startsAt: BEGIN - 7_200_000, endsAt: BEGIN + 31 * DAY_MS - 7_200_000 }];
const some = { run: `run-${Math.floor(runs / 2)}` };
const READS = {
  'costs: all of them': () => store.reader.ask('costSummary', {}),
  'costs: a page of calls': () => store.reader.ask('costRecords', { limit: 100 }),
  'costs: 31 days of a zone by workflow': () =>
    store.reader.ask('spend', { periods: days, by: 'workflow', filter: {} }),
  'costs: a month by model': () => store.reader.ask('spend', { periods: months, by: 'model', filter: {} }),
  'costs: of one run': () => store.reader.ask('costSummary', some),
  'costs: calls of one run': () => store.reader.ask('costRecords', { ...some, limit: 100 }),
  'how runs fared: 31 days': () => store.reader.ask('runStatistics', { periods: days, filter: {} }),
  'a page of the list': () => store.runs.list({ limit: 100 }),
  'a page of one workflow': () => store.runs.list({ limit: 100, workflow: 'flow-3' }),
  'the log of one run, filtered': async () =>
    store.logs.read(some.run, { from: 1, limit: 500, path: 'a', level: 'info' }),
  'the search in one run': () => search(store, { text: 'server', runId: some.run }),
};
for (const [what, read] of Object.entries(READS)) {
  const all = [];
  for (let rep = 0; rep < 7; rep += 1) all.push(await held(read));
  emit({
    what,
    p50_ms: round(median(all.map(({ ms }) => ms)), 1),
    max_ms: round(Math.max(...all.map(({ ms }) => ms)), 1),
    cpu_ms: leastCpu(all),
    held_ms: Math.max(...all.map((one) => one.held_ms)),
  });
}
const check = await held(() => store.search.check());
emit({ check: check.value, check_s: round(check.ms / 1000, 1), held_ms: check.held_ms });
const integrity = await held(() => store.checkIntegrity());
emit({ integrity: integrity.value, check_s: round(integrity.ms / 1000, 1), held_ms: integrity.held_ms });
await store.reader.close();
store.close();
const again = open();
const reopened = await timed(() => search(again, QUERIES['one line of all']));
emit({ first_search_after_opening_ms: round(reopened.ms, 0), wanted: '< 300', cpu_ms: round(reopened.cpu_ms, 0) });
const forgetting = await timed(() => {
  for (let at = 0; at < 1000; at += 1) again.search.forget(`run-${at * 10}`);
});
emit({ forget_1000_runs_ms: round(forgetting.ms, 0) });
const compacting = await held(() => again.search.compact(() => true));
emit({
  compacted: compacting.value,
  compact_s: round(compacting.ms / 1000, 1),
  held_ms: compacting.held_ms,
  search_db_mb: round(again.search.bytes / 1e6, 1),
});
await again.reader.close();
again.close();
