import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldRun, projectRun, type RunState } from '../../src/core/engine/index.ts';
import { AppError } from '../../src/shared/errors.ts';
import type { Json } from '../../src/shared/json.ts';
import { inProcessTool, openHarness, TESTER, workflowText } from '../support/engine-harness.ts';
import { expectLegalTransitions } from '../support/legal-transitions.ts';

// Many engines one after the other: on a loaded machine that takes its time.
const SEED = Number(process.env.TEST_SEED ?? Date.now() % 1_000_000);

/** A key of the format, no promise. */
const THEN = 'then';

type Node = Readonly<Record<string, unknown>>;

/** A random tree of steps; ids are given afterwards, so that they are unique. */
const { tree } = fc.letrec<{ readonly tree: readonly Node[]; readonly node: Node }>((tie) => {
  const some = fc.array(tie('node'), { minLength: 1, maxLength: 3 });
  const leaf = fc.oneof(
    {
      weight: 5,
      arbitrary: fc.constantFrom<Node>({ action: 't.say' }, { action: 't.say', compensate: { action: 't.say' } }),
    },
    { weight: 1, arbitrary: fc.constant<Node>({ action: 't.fail', max_retries: 0 }) },
    { weight: 1, arbitrary: fc.constant<Node>({ action: 't.say', condition: '1 > 2' }) },
    { weight: 1, arbitrary: fc.constant<Node>({ action: 't.fail', max_retries: 0, on_error: 'continue' }) },
    {
      weight: 1,
      arbitrary: fc.constantFrom<Node>(
        { wait: '5m' },
        { wait: { condition: '1 > 2', every: '30s', timeout: '2m' }, on_error: 'continue' },
      ),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom<Node>(
        { approval: 'Go?' },
        { approval: { title: 'Go?', expires_in: '1h', on_expire: 'continue' } },
      ),
    },
  );
  return {
    tree: some,
    node: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      leaf,
      fc.record(
        {
          if: fc.constantFrom('1 > 0', '0 > 1'),
          [THEN]: some,
          else: some,
          fallback: fc.constant({ on_failure: 't.say' }),
          output_file: fc.constant('x.json'),
        },
        { requiredKeys: ['if', THEN, 'else'] },
      ),
      fc.record({
        for_each: fc.constantFrom([1, 2, 3], [], [7]),
        concurrency: fc.constantFrom(1, 2),
        on_item_error: fc.constantFrom('stop', 'continue'),
        steps: some,
      }),
      fc.record({
        parallel: fc.record({ a: some, b: some }),
        on_branch_error: fc.constantFrom('stop', 'wait', 'continue'),
      }),
      fc.record({ try: some, catch: some, finally: some }),
      fc.record({ try: some, finally: some }),
      fc.record({ transaction: some, on_error: fc.constantFrom('rollback', 'stop', 'continue') }),
    ),
  };
});

/** Each kind of block and of rest, one in the other. */
const EVERY_KIND: readonly Node[] = [
  {
    try: [
      {
        for_each: [1, 2, 3],
        concurrency: 2,
        steps: [
          {
            parallel: {
              a: [{ action: 't.say' }, { wait: '5m' }],
              b: [{ if: '1 > 0', [THEN]: [{ action: 't.say' }], else: [{ action: 't.fail' }] }],
            },
          },
        ],
      },
      {
        transaction: [
          { action: 't.say', compensate: [{ action: 't.say' }, { action: 't.fail' }] },
          { savepoint: 'here' },
          { action: 't.say', compensate: { action: 't.say' } },
          { rollback_to: 'here' },
          { wait: '5m' },
          { action: 't.fail', max_retries: 0 },
        ],
      },
    ],
    catch: [{ approval: 'Go?' }, { action: 't.say' }],
    finally: [{ action: 't.say' }],
  },
  { action: 't.say' },
];

/** Gives every step its id and its output variable in order. */
function named(nodes: readonly Node[]): readonly Node[] {
  let count = 0;
  const name = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(name);
    if (value === null || typeof value !== 'object') return value;
    const isStep = [
      'action',
      'if',
      'for_each',
      'parallel',
      'try',
      'wait',
      'approval',
      'transaction',
      'rollback_to',
    ].some((key) => key in value);
    if (isStep) count += 1;
    if (isStep && 'wait' in value) return { id: `s${count}`, ...value, output_variable: `v${count}` };
    const id = isStep ? { id: `s${count}`, output_variable: `v${count}` } : {};
    const inner = ([key, held]: [string, unknown]) => [key, key === 'compensate' ? held : name(held)];
    return { ...id, ...Object.fromEntries(Object.entries(value).map(inner)) };
  };
  return nodes.map((node) => name(node) as Node);
}

/** One engine after the other over one folder; a step takes a few turns of the loop. */
class World {
  readonly dir = mkdtempSync(join(tmpdir(), 'aiw-blocks-'));
  readonly runs = new Map<string, number>();
  harness: ReturnType<typeof openHarness>;
  readonly #onLive: () => void;

  /** Begins with a copy of a folder, if one is given. `onLive` hears of each commit. */
  constructor({ from, onLive = () => undefined }: { readonly from?: string; readonly onLive?: () => void } = {}) {
    if (from !== undefined) cpSync(from, this.dir, { recursive: true });
    this.#onLive = onLive;
    this.harness = this.#open();
  }

  #open() {
    const turns = async (): Promise<void> => {
      for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    };
    const tool = inProcessTool(
      't',
      {
        say: async ({ path }) => {
          await turns();
          this.runs.set(path, (this.runs.get(path) ?? 0) + 1);
          return path;
        },
        fail: async () => {
          await turns();
          throw new AppError('tool.failed', 'It broke.');
        },
      },
      { effect: 'pure', repeatable: true },
    );
    return openHarness({ dir: this.dir, tools: [tool], onLive: () => this.#onLive() });
  }

  async crash(): Promise<void> {
    const { versions, store, bugs } = this.harness;
    expect(bugs).toEqual([]);
    store.close();
    this.harness = this.#open();
    for (const [hash, version] of versions) this.harness.versions.set(hash, version);
    await this.harness.engine.recoverAll();
  }

  /** Drives the run on over all its waits; whoever is asked says yes. */
  async settle(runId: string): Promise<RunState> {
    for (let look = 0; look < 500; look += 1) {
      const { engine, clock, store } = this.harness;
      await engine.settled(runId);
      for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      await engine.settled(runId);
      const { state } = engine.stateOf(runId);
      if (state.status !== 'waiting') return state;
      const [asked] = store.approvals.list({ status: ['pending'], runId, limit: 1 });
      if (asked !== undefined)
        await engine.decide(
          runId,
          { path: asked.stepPath ?? '', id: asked.id, decision: 'approve', comment: '' },
          () => undefined,
          TESTER,
        );
      else if (state.wakeAt !== null) clock.advance(Math.max(60_000, state.wakeAt - clock.ports.now()));
    }
    throw new Error('it waits for ever');
  }

  async close(): Promise<void> {
    await this.harness.close();
    rmSync(this.dir, { recursive: true, force: true });
  }
}

/** What a person sees of a run, without times and attempts. */
const shown = (state: RunState): unknown => ({
  status: state.status,
  outcome: state.outcome,
  variables: untimed(Object.fromEntries(state.variables)),
  error: state.error?.message ?? null,
  steps: [...state.steps.values()].map(({ path, status, output }) => [path, status, untimed(output)]).sort(),
});

/** What a step that rested says about time hangs on when the engine died. */
const TIMES = new Set(['waited_seconds', 'decided_at', 'approvals', 'executed_at', 'duration_seconds']);
const untimed = (value: Json): Json =>
  JSON.parse(JSON.stringify(value, (key, inner: unknown) => (TIMES.has(key) ? null : inner))) as Json;

describe('random trees of steps', () => {
  it(`end as without a crash, and nothing that completed runs again (seed ${SEED})`, async () => {
    await fc.assert(
      fc.asyncProperty(tree, fc.array(fc.nat({ max: 25 }), { maxLength: 4 }), async (nodes, crashes) => {
        const text = workflowText(named(nodes).map((node) => [JSON.stringify(node)]));
        const plain = new World();
        const world = new World();
        try {
          const expected = await plain.settle((await plain.harness.start(text)).runId);
          const { runId } = await world.harness.start(text);
          for (const after of crashes) {
            for (let turn = 0; turn < after; turn += 1) await new Promise((resolve) => setImmediate(resolve));
            await world.crash();
          }
          const { engine, store } = world.harness;
          let state = await world.settle(runId);
          // Two deaths over one step: a person lets it go on.
          if (state.status === 'paused') {
            await engine.resume(runId, TESTER);
            state = await world.settle(runId);
          }
          expect(world.harness.bugs).toEqual([]);
          // Which of two lanes a failure cuts short, and where, hangs on their timing.
          const isRace = text.includes('"stop"') && text.includes('t.fail');
          if (!isRace) expect(shown(state)).toEqual(shown(expected));
          expect(state).toEqual(foldRun(store.journal.readRun(runId)));
          expectLegalTransitions(store.journal.readRun(runId));
          expect(store.runs.find(runId)).toMatchObject({ status: projectRun(state).status, outcome: state.outcome });
          expect([...state.frames.values()].filter(({ path, status }) => path !== '' && status === 'open')).toEqual([]);
          if (crashes.length === 0) expect(Math.max(0, ...world.runs.values())).toBeLessThanOrEqual(1);
        } finally {
          await plain.close();
          await world.close();
        }
      }),
      { seed: SEED, numRuns: 30 },
    );
  });

  it('from each commit of its journal a run goes on to the same end, and nothing that completed runs again', async () => {
    const folders: string[] = [];
    let position = 0;
    const first: World = new World({
      onLive: () => {
        const { journal } = first.harness.store;
        if (journal.durablePosition === position) return;
        position = journal.durablePosition;
        folders.push(`${first.dir}-${position}`);
        cpSync(first.dir, folders.at(-1) ?? '', { recursive: true });
      },
    });
    try {
      const { runId } = await first.harness.start(
        workflowText(named(EVERY_KIND).map((node) => [JSON.stringify(node)])),
      );
      const expected = await first.settle(runId);
      expect([expected.status, first.harness.bugs]).toEqual(['completed', []]);
      expect(folders.length).toBeGreaterThan(8);
      for (const from of folders) {
        const world = new World({ from });
        try {
          for (const [hash, version] of first.harness.versions) world.harness.versions.set(hash, version);
          const { engine, store } = world.harness;
          const begun = foldRun(store.journal.readRun(runId));
          const done = [...begun.steps.values()].flatMap(({ path, status }) => (status === 'completed' ? [path] : []));
          await engine.recoverAll();
          const state = await world.settle(runId);
          expect(shown(state), from).toEqual(shown(expected));
          expect(state).toEqual(foldRun(store.journal.readRun(runId)));
          expect(done.filter((path) => world.runs.has(path))).toEqual([]);
          expect(world.harness.bugs).toEqual([]);
        } finally {
          await world.close();
        }
      }
    } finally {
      await first.close();
      for (const folder of folders) rmSync(folder, { recursive: true, force: true });
    }
  });

  it(`cancel ends every one of them with nothing open (seed ${SEED})`, async () => {
    await fc.assert(
      fc.asyncProperty(tree, fc.nat({ max: 20 }), async (nodes, after) => {
        const world = new World();
        try {
          const { runId } = await world.harness.start(workflowText(named(nodes).map((node) => [JSON.stringify(node)])));
          for (let turn = 0; turn < after; turn += 1) await new Promise((resolve) => setImmediate(resolve));
          const { engine, bugs, store } = world.harness;
          await engine
            .cancel(runId, TESTER)
            .catch((error: unknown) => expect(error).toMatchObject({ code: 'run.illegal_state' }));
          const state = await world.settle(runId);
          expect(bugs).toEqual([]);
          expect(['completed', 'failed', 'cancelled']).toContain(state.status);
          expect(
            [...state.steps.values()].filter(({ status }) => status === 'running' || status === 'waiting'),
          ).toEqual([]);
          expect(store.approvals.list({ status: ['pending'], limit: 10 })).toEqual([]);
          expect(store.runs.nextWakeAt(0)).toBeNull();
          expect(state).toEqual(foldRun(store.journal.readRun(runId)));
          await engine
            .resume(runId, TESTER)
            .catch((error: unknown) => expect(error).toMatchObject({ code: 'run.illegal_state' }));
          await world.settle(runId);
          expect(bugs).toEqual([]);
          expect(engine.stateOf(runId).state).toEqual(foldRun(store.journal.readRun(runId)));
          expectLegalTransitions(store.journal.readRun(runId));
        } finally {
          await world.close();
        }
      }),
      { seed: SEED, numRuns: 25 },
    );
  });
});
