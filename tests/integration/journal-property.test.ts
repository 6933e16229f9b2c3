import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { foldRun, projectRun, projectStepRows, type RunnableVersion } from '../../src/core/engine/index.ts';
import { createCatalog } from '../../src/core/tools/index.ts';
import { AppError } from '../../src/shared/errors.ts';
import type { Json } from '../../src/shared/json.ts';
import { NO_USAGE } from '../../src/shared/model/agent.ts';
import { FakeClock, inProcessTool, openHarness, TESTER, workflowText } from '../support/engine-harness.ts';
import { expectLegalTransitions } from '../support/legal-transitions.ts';
import type { ScriptedAgent } from '../support/scripted-agents.ts';

const SEED = Number(process.env.TEST_SEED ?? Date.now() % 1_000_000);

const WORKFLOW = workflowText(
  [
    ['action: agent.run', 'max_retries: 1', 'on_error: continue', 'output_variable: d'],
    [
      'action: work.effect',
      'output_variable: a',
      'retry: {max_retries: 1, jitter: 0}',
      'compensate: {action: work.effect}',
    ],
    ['action: work.effect', 'on_error: continue', 'output_variable: b'],
    ['action: work.effect', 'inputs: {b: "{{ b }}"}', 'fallback: {on_failure: work.effect}'],
    ['action: work.effect', 'condition: a == 1'],
    ['action: workflow.set', 'inputs: {c: "{{ a }}"}'],
    ['transaction: [{action: work.effect, compensate: {action: work.effect}}, {action: work.effect}]'],
    ['action: work.effect', 'on_error: {action: continue, fallback: 0}'],
  ],
  ['requirements:', '  tools: [work]', 'execution: {rollback_on_cancel: true}'],
);

type Command =
  | 'rollback'
  | 'start'
  | 'succeed'
  | 'fail'
  | 'cancel'
  | 'pause'
  | 'resume'
  | 'advance'
  | 'resolve'
  | 'crash';
const command = fc.oneof(
  { weight: 8, arbitrary: fc.constant<Command>('succeed') },
  { weight: 3, arbitrary: fc.constantFrom<Command>('fail', 'advance', 'start') },
  { weight: 2, arbitrary: fc.constantFrom<Command>('cancel', 'pause', 'resume', 'resolve', 'rollback') },
  { weight: 1, arbitrary: fc.constant<Command>('crash') },
);

let parsed: RunnableVersion;
beforeAll(async () => {
  const harness = openHarness();
  parsed = harness.versionOf(WORKFLOW);
  await harness.close();
});

/** Plays commands against a real engine and store; steps end when a command says so. */
class World {
  readonly dir = mkdtempSync(join(tmpdir(), 'aiw-property-'));
  open: { readonly resolve: (value: Json) => void; readonly reject: (error: unknown) => void }[] = [];
  runIds: string[] = [];
  readonly #clock = new FakeClock();
  #version = parsed;
  harness = this.#openHarness();

  #openHarness() {
    const effect = (): Promise<Json> => new Promise((resolve, reject) => this.open.push({ resolve, reject }));
    /** Asks its model, then calls a tool with an effect, then says what that gave. */
    const agent: ScriptedAgent = async (call) => {
      const answer = await effect();
      const usage = { ...NO_USAGE, inputTokens: 3, outputTokens: 1 };
      const model = answer === 0 ? 'free-range' : 'm';
      await call.agent?.spent({ model, usage, reportedCost: null, durationMs: 1, error: null });
      return (await call.agent?.callTool('work.effect', {}))?.output ?? null;
    };
    const tools = [inProcessTool('work', { effect })];
    const harness = openHarness({
      dir: this.dir,
      clock: this.#clock,
      tools,
      agents: { agents: { primary: agent, spare: agent }, failover: { fallbackAgents: ['spare'] } },
    });
    this.#version = { ...parsed, tools: createCatalog(tools) };
    harness.versions.set(parsed.hash, this.#version);
    return harness;
  }

  async play(what: Command, pick: number): Promise<void> {
    const { engine, clock } = this.harness;
    const runId = this.runIds[pick % Math.max(1, this.runIds.length)];
    if (what === 'start') {
      const started = await engine.start({
        version: this.#version,
        inputs: {},
        trigger: { type: 'manual' },
        actor: TESTER,
        agent: 'primary',
        agentFrom: 'project',
      });
      this.runIds.push(started.runId);
    } else if (what === 'succeed') this.open.shift()?.resolve((pick % 2) as Json);
    else if (what === 'fail')
      this.open.shift()?.reject(new AppError(pick === 1 ? 'agent.overloaded' : 'tool.script_failed', 'no'));
    else if (what === 'advance') clock.advance(1_500);
    else if (what === 'crash') await this.crash();
    else if (runId !== undefined)
      await this.#act(what, runId).catch((error: unknown) => expect(error).toBeInstanceOf(AppError));
    await this.settle();
  }

  async #act(what: Command, runId: string): Promise<void> {
    const { engine } = this.harness;
    if (what === 'cancel') {
      await engine.cancel(runId, TESTER);
      for (const one of this.open) one.reject(new AppError('run.cancelled', 'cut'));
      this.open = [];
    } else if (what === 'rollback') await engine.rollback(runId, null, TESTER);
    else if (what === 'pause') await engine.pause(runId, TESTER);
    else if (what === 'resume') await engine.resume(runId, TESTER);
    else {
      const doubted = [...engine.stateOf(runId).state.steps.values()].find(
        ({ status, isCall, path }) => status === 'in_doubt' && (!isCall || path.endsWith('!undo')),
      );
      if (doubted !== undefined)
        await engine.resolve(
          runId,
          { path: doubted.path, as: runId.length % 2 === 0 ? 'completed' : 'rerun', output: 1 },
          TESTER,
        );
    }
  }

  /** The engine is gone without a word; a new one takes its runs over. */
  async crash(): Promise<void> {
    this.open = [];
    this.harness.store.close();
    this.harness = this.#openHarness();
    await this.harness.engine.recoverAll();
  }

  /** Lets the engine do all that it can do by itself. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < 6; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  }

  check(): void {
    const { store, engine, bugs } = this.harness;
    expect(bugs).toEqual([]);
    const db = new Database(join(this.dir, 'state.db'), { readonly: true });
    for (const runId of this.runIds) {
      const events = store.journal.readRun(runId);
      expect(events.map((stored) => stored.seq)).toEqual(events.map((_, index) => index + 1));
      const folded = foldRun(events);
      expect(engine.stateOf(runId).state).toEqual(folded);
      expect(store.runs.find(runId)).toEqual(projectRun(folded));
      const rows = db
        .prepare(
          'SELECT path, attempt, status, started_at, completed_at, end_position FROM steps WHERE run_no = ? ORDER BY path, attempt',
        )
        .all(store.runs.runNo(runId));
      const expected = [...folded.steps.values()]
        .flatMap((record) => projectStepRows(record))
        .filter((row) => row.status !== 'running')
        .map((row) => ({
          path: row.path,
          attempt: row.attempt,
          status: row.status,
          started_at: row.startedAt,
          completed_at: row.completedAt,
          end_position: row.endPosition,
        }))
        .sort((a, b) => (a.path === b.path ? a.attempt - b.attempt : a.path < b.path ? -1 : 1));
      expect(rows).toEqual(expected);
      const calls = events.filter(({ event }) => event.type === 'agent.call_ended').map(({ position }) => position);
      expect(db.prepare('SELECT position FROM cost_records WHERE run_id = ?').pluck().all(runId)).toEqual(calls);
      expectLegalTransitions(events);
    }
    db.close();
  }

  async close(): Promise<void> {
    for (const one of this.open) one.reject(new AppError('run.cancelled', 'over'));
    this.harness.store.close();
    rmSync(this.dir, { recursive: true, force: true });
  }
}

describe('journal', () => {
  it(`fold(events) equals the projections after any commands (seed ${SEED})`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(command, fc.nat(5)), { minLength: 3, maxLength: 32 }), async (commands) => {
        const world = new World();
        try {
          await world.play('start', 0);
          for (const [what, pick] of commands) await world.play(what, pick);
          world.check();
        } finally {
          await world.close();
        }
      }),
      // Making a failure smaller would take longer than a test may: it is told as it was found.
      { seed: SEED, endOnFailure: true, numRuns: Number(process.env.JOURNAL_RUNS ?? 1_000) },
    );
  });
});
