// Drives the real engine with the real journal through the peers' adapter contract:
//   node durable.mjs <w1|w2|w3|w4> --dir=<empty dir> --sync=<normal|full> [--n=] [--steplog=<file>] [--resume]

import { randomBytes } from 'node:crypto';
import module from 'node:module';
import path from 'node:path';
import { loadEngine } from './load-engine.mjs';
import { emit, parseArgs, performance, round, StepClock, stepLog, stepResult, timeQueries } from './measure.mjs';

// As the product's launcher does: compiled code is kept over starts.
module.enableCompileCache(path.join(import.meta.dirname, '.build', 'cache'));

const args = parseArgs();
const [workload] = args._;
const sync = String(args.sync ?? 'full').toUpperCase();
const defaults = { w1: 1000, w2: 2000, w3: 1000, w4: 100_000 };
const n = Number(args.n ?? defaults[workload]);
const { Engine, Store, createCatalog, readWorkflow } = await loadEngine();

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
    execute: (call) => ({ output: body(call) }),
  };
}

/** One step is read from text, the others are it under another name: what is measured is the engine, not the reader. */
function versionOf(steps, tool) {
  const text =
    '---\nworkflow: {id: bench, name: Bench}\n---\n\n## Step 1: s\n\n```yaml\naction: bench.step\ninputs: {i: 0}\n```\n';
  const { workflow } = readWorkflow(text, { file: 'bench.md' });
  const one = workflow.steps[0];
  const all = Array.from({ length: steps }, (_, i) => ({ ...one, id: `step_${i + 1}`, name: `s${i}`, inputs: { i } }));
  return {
    hash: `bench-${steps}`,
    workflow: { ...workflow, steps: all },
    workflowPath: 'bench.md',
    config: { agent: null },
    tools: createCatalog([tool]),
    env: {},
  };
}

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
    // No step of the bench is an agent's.
    agents: { tool: null },
    redact: (value) => value,
    heldBack: () => 0,
  };
  const onBug = (error) => {
    console.error(error);
    process.exit(1);
  };
  return { store, engine: new Engine({ store, host, ports, publish: () => {}, onBug }) };
}

const start = (engine, version) => engine.start({ version, inputs: {}, trigger: { type: 'manual' }, actor: ACTOR });

const workloads = {
  async w1() {
    const clock = new StepClock(n);
    const version = versionOf(
      n,
      benchTool((call) => (clock.mark(), stepResult(call.inputs.i))),
    );
    const { store, engine } = open(version);
    const startedAt = performance.now();
    const { runId } = await start(engine, version);
    await engine.settled(runId);
    emit({
      peer: 'engine',
      w: 'w1',
      sync,
      ...clock.report(n, startedAt, performance.now()),
      status: engine.stateOf(runId).state.status,
    });
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
    const worker = async () => {
      while (next < n) {
        next += 1;
        const { runId } = await start(engine, version);
        await engine.settled(runId);
      }
    };
    await Promise.all(Array.from({ length: 8 }, worker));
    const tookMs = performance.now() - startedAt;
    emit({ peer: 'engine', w: 'w2', sync, runs: n, runs_per_s: round(n / (tookMs / 1000), 1) });
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
};

await workloads[workload]();
