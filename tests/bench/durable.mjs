// Drives the real engine with the real journal through the peers' adapter contract:
//   node durable.mjs <w1|w2|w3|w4|loop|loop-memory|recovery> --dir=<empty dir> --sync=<normal|full> [--n=] [--steplog=<file>] [--resume] [--search] [--logs]
// `--search`: the index of the search over all runs is filled meanwhile, as in a host; `--logs`: execution logs are written.

import { randomBytes } from 'node:crypto';
import module from 'node:module';
import path from 'node:path';
import { loadEngine } from './load-engine.mjs';
import {
  collectGarbage,
  DEFAULTS,
  emit,
  LANES,
  LOOP_STEP_MS,
  parseArgs,
  performance,
  round,
  StepClock,
  sleep,
  stepLog,
  stepResult,
  timeQueries,
  wall,
} from './measure.mjs';

// As the product's launcher does: compiled code is kept over starts.
module.enableCompileCache(path.join(import.meta.dirname, '.build', 'cache'));

const args = parseArgs();
const [workload] = args._;
const sync = String(args.sync ?? 'full').toUpperCase();
const n = Number(args.n ?? DEFAULTS[workload]);
const { Engine, ExecutionLogs, ProjectSearch, Store, createCatalog, readWorkflow } = await loadEngine();

const ACTOR = { kind: 'user', id: 'bench', door: 'cli' };
const ports = {
  now: () => Date.now(),
  random: () => Math.random(),
  randomHex: (bytes) => randomBytes(bytes).toString('hex'),
  setTimer: (ms, callback) => {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};

/** A no-op step enters as an in-process tool through the ordinary tool port. */
function benchTool(body) {
  return {
    name: 'bench',
    category: 'in_process',
    operations: ['step'],
    traits: () => ({ effect: 'idempotent', repeatable: true, timeoutMs: 60_000 }),
    check: () => [],
    execute: (call) => {
      const output = body(call);
      return output instanceof Promise ? output.then((value) => ({ output: value })) : { output };
    },
  };
}

const read = (yaml) =>
  readWorkflow(`---\nworkflow: {id: bench, name: Bench}\n---\n\n## Step 1: s\n\n\`\`\`yaml\n${yaml}\n\`\`\`\n`, {
    file: 'bench.md',
  }).workflow;

const runnable = (workflow, tool) => ({
  hash: 'bench',
  workflow,
  workflowPath: 'bench.md',
  config: { agent: null },
  tools: createCatalog([tool]),
  env: {},
});

/** One step is read from text, the others are it under another name: what is measured is the engine, not the reader. */
function versionOf(steps, tool) {
  const workflow = read('action: bench.step\ninputs: {i: 0}');
  const [one] = workflow.steps;
  const all = Array.from({ length: steps }, (_, i) => ({ ...one, id: `step_${i + 1}`, name: `s${i}`, inputs: { i } }));
  return runnable({ ...workflow, steps: all }, tool);
}

/** A loop over `n` items of one step. */
const loopOf = (tool) =>
  runnable(
    read(`for_each: "{{ range(${n}) | list }}"
max_items: ${n}
concurrency: ${LANES}
steps:
  - id: one
    action: bench.step
    inputs: {i: "{{ item }}"}`),
    tool,
  );

function open(version) {
  const store = new Store({
    storeFile: path.join(args.dir, 'state.db'),
    logsFile: path.join(args.dir, 'logs.db'),
    blobsDir: path.join(args.dir, 'blobs'),
    onLog: () => {},
    onConversation: () => {},
    sync,
  });
  const host = {
    loadVersion: async () => version,
    prepareFolders: async () => ({ workDir: args.dir, runDir: args.dir }),
    writeOutputFile: async (_run, file) => file,
    forgetRun: async () => {},
    projectRetry: { maxRetries: undefined, backoff: 'exponential', delayMs: 1_000, maxDelayMs: 60_000 },
    allowedEnv: {},
    beforeEffect: () => {},
    notify: () => {},
    requireDeciders: () => {},
    secretMarkers: () => ({}),
    holdsSecret: () => false,
    fillSecrets: async () => null,
    // No step of the bench is an agent's.
    agents: { tool: null },
    redact: (value) => value,
    heldBack: () => 0,
  };
  const onBug = (error) => {
    console.error(error);
    process.exit(1);
  };
  const search = new ProjectSearch({ store, clock: ports }, onBug);
  if (args.search) search.host();
  const project = path.resolve(args.dir);
  const config = { logging: { logPath: 'execution-logs', format: 'markdown', level: 'info' } };
  const logs = args.logs ? new ExecutionLogs({ store, clock: ports, host, paths: { project }, config }, onBug) : null;
  logs?.begin(true);
  return {
    store,
    search,
    logs,
    engine: new Engine({
      store,
      host,
      ports,
      inbox: { arrivals: () => [], problemAt: () => null },
      maxRuns: 1_000,
      publish: ({ kind, run }) => kind === 'run' && logs?.noteRun(run.runId),
      onBug,
    }),
  };
}

/** What a run that came to nothing took is no figure. */
function emitRun({ status, ...figures }) {
  if (status !== 'completed') throw new Error(`the run of ${figures.w} stands ${status}`);
  emit(figures);
}

const start = (engine, version) => engine.start({ version, inputs: {}, trigger: { type: 'manual' }, actor: ACTOR });

const workloads = {
  async w1() {
    const clock = new StepClock(n);
    const version = versionOf(
      n,
      benchTool((call) => (clock.mark(), stepResult(call.inputs.i))),
    );
    const { store, search, logs, engine } = open(version);
    const startedAt = performance.now();
    const { runId } = await start(engine, version);
    await engine.settled(runId);
    emitRun({
      peer: 'engine',
      w: 'w1',
      sync,
      ...clock.report(n, startedAt, performance.now()),
      status: engine.stateOf(runId).state.status,
    });
    await logs?.close();
    await search.close();
    store.close();
  },
  async w2() {
    const version = versionOf(
      5,
      benchTool((call) => stepResult(call.inputs.i)),
    );
    const { store, engine } = open(version);
    let next = 0;
    const startedAt = performance.now();
    let last = '';
    const worker = async () => {
      while (next < n) {
        next += 1;
        const { runId } = await start(engine, version);
        await engine.settled(runId);
        last = runId;
      }
    };
    await Promise.all(Array.from({ length: 8 }, worker));
    const tookMs = performance.now() - startedAt;
    const { status } = engine.stateOf(last).state;
    emitRun({ peer: 'engine', w: 'w2', sync, status, runs: n, runs_per_s: round(n / (tookMs / 1000), 1) });
    store.close();
  },
  async w3() {
    const log = stepLog(args.steplog);
    const version = versionOf(
      n,
      benchTool((call) => (log(call.inputs.i), stepResult(call.inputs.i))),
    );
    const { store, engine } = open(version);
    const runIds = args.resume ? await engine.recoverAll() : [(await start(engine, version)).runId];
    for (const runId of runIds) await engine.settled(runId);
    emit({ peer: 'engine', w: 'w3', sync, finished: true });
    store.close();
  },
  async w4() {
    const version = versionOf(
      1,
      benchTool((call) => stepResult(call.inputs.i)),
    );
    const { store, engine } = open(version);
    const batch = 500;
    for (let done = 0; done < n; done += batch) {
      const runs = await Promise.all(Array.from({ length: Math.min(batch, n - done) }, () => start(engine, version)));
      await Promise.all(runs.map(({ runId }) => engine.settled(runId)));
    }
    emit({ peer: 'engine', w: 'w4', sync, stored: n, ...timeQueries(200, () => store.runs.list({ limit: 50 })) });
    store.close();
  },
  async loop() {
    const version = loopOf(
      benchTool(async (call) => {
        await sleep(LOOP_STEP_MS);
        return stepResult(call.inputs.i);
      }),
    );
    const { store, engine } = open(version);
    const startedAt = performance.now();
    const { runId } = await start(engine, version);
    await engine.settled(runId);
    const tookMs = performance.now() - startedAt;
    const { status } = engine.stateOf(runId).state;
    emitRun({ peer: 'engine', w: 'loop', sync, items: n, items_per_s: round(n / (tookMs / 1000), 1), status });
    store.close();
  },
  /** What of a loop stays in memory: after the first fifth, and at its end, while it still runs. */
  async 'loop-memory'() {
    const heap = [];
    const version = loopOf(
      benchTool(async (call) => {
        if (call.inputs.i === n / 5 || call.inputs.i === n - 1) {
          await sleep(0);
          heap.push(collectGarbage());
        }
        return stepResult(call.inputs.i);
      }),
    );
    const { store, engine } = open(version);
    const startedAt = performance.now();
    const { runId } = await start(engine, version);
    await engine.settled(runId);
    const tookMs = performance.now() - startedAt;
    const [early, late] = heap;
    const kbPer1000 = (late - early) / 1024 / ((n * 0.8) / 1000);
    const { status } = engine.stateOf(runId).state;
    emitRun({
      peer: 'engine',
      w: 'loop-memory',
      sync,
      items: n,
      kb_per_1000: round(kbPer1000, 0),
      took_ms: tookMs,
      status,
    });
    store.close();
  },
  /** Runs that all stand in their first step; with `--resume` they are taken over, until each has begun it again. */
  async recovery() {
    const all = Promise.withResolvers();
    let begun = 0;
    const version = versionOf(
      2,
      benchTool(() => {
        begun += 1;
        if (begun === n) all.resolve();
        return new Promise(() => {});
      }),
    );
    const { engine } = open(version);
    if (args.resume) await engine.recoverAll();
    else await Promise.all(Array.from({ length: n }, () => start(engine, version)));
    await all.promise;
    emit({ peer: 'engine', w: 'recovery', sync, runs: n, all_begun_at: wall() });
    process.kill(process.pid, 'SIGKILL');
  },
};

await workloads[workload]();
