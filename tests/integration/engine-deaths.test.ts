import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { DecisionMark } from '../../src/core/storage/decision-mark.ts';
import type { RunEvent } from '../../src/shared/model/events.ts';
import { inProcessTool, TESTER, workflowText } from '../support/engine-harness.ts';
import { closeAll, type Harness, harness, reopen } from './scripted-engine.ts';

/** What counts as "being decided or acted on when the engine died twice in a row" (SPEC §3.8). */

afterEach(closeAll);

const tools = () => [
  inProcessTool(
    't',
    {
      hang: ({ signal }) =>
        new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('cut')), { once: true })),
      ok: () => 1,
    },
    { effect: 'pure', repeatable: true },
  ),
];

/** The next engine after a death; resolves when it has taken over. */
async function next(dead: Harness): Promise<Harness> {
  const one = reopen(dead, { tools: tools() });
  await one.engine.recoverAll();
  return one;
}

const eventsOf = (one: Harness, runId: string): readonly RunEvent['type'][] =>
  one.store.journal.readRun(runId).map(({ event }) => event.type);
const statusOf = (one: Harness, runId: string) => one.store.runs.find(runId)?.status;

async function hangingRun(...before: readonly (readonly string[])[]) {
  const one = harness({ tools: tools() });
  const { runId } = await one.start(workflowText([...before, ['action: t.hang'], ['action: t.ok']]));
  return { one, runId };
}

describe('an attempt of the engine itself that is open at two deaths in a row', () => {
  it('stands paused; a person resumes it, and it has two lives again', async () => {
    const { one, runId } = await hangingRun();
    const second = await next(one);
    expect(statusOf(second, runId)).toBe('running');
    const third = await next(second);
    expect(third.store.runs.find(runId)).toMatchObject({
      status: 'paused',
      error: { code: 'run.engine_died_twice', details: { step: 'step_1' } },
    });
    expect(third.engine.isLive(runId)).toBe(false);
    expect(third.engine.stateOf(runId).state.status).toBe('paused');

    await third.engine.resume(runId, TESTER);
    expect(third.store.runs.find(runId)).toMatchObject({ status: 'running', error: null });
    const fourth = await next(third);
    expect(statusOf(fourth, runId)).toBe('running');
    expect(statusOf(await next(fourth), runId)).toBe('paused');
  });

  it('is no such attempt when the engine was closed properly in between', async () => {
    const { one, runId } = await hangingRun();
    const second = await next(one);
    await second.engine.close(0);
    expect(eventsOf(second, runId).at(-1)).toBe('run.stopped');
    const third = await next(second);
    expect(statusOf(third, runId)).toBe('running');
  });

  it('nor when the run has come to another step in between', async () => {
    const gates: (() => void)[] = [];
    const gated = inProcessTool(
      'g',
      {
        wait: ({ signal }) =>
          new Promise((resolve, reject) => {
            gates.push(() => resolve(1));
            signal.addEventListener('abort', () => reject(new Error('cut')), { once: true });
          }),
      },
      { effect: 'pure', repeatable: true },
    );
    const waitsFor = async (count: number): Promise<void> => {
      while (gates.length < count) await new Promise((resolve) => setImmediate(resolve));
    };
    const one = harness({ tools: [gated] });
    const { runId } = await one.start(workflowText([['action: g.wait'], ['action: g.wait']]));
    const second = reopen(one, { tools: [gated] });
    await second.engine.recoverAll();
    await waitsFor(2);
    gates[1]?.();
    await waitsFor(3);
    const third = reopen(second, { tools: [gated] });
    await third.engine.recoverAll();
    expect(statusOf(third, runId)).toBe('running');
  });

  it('nor when another run was being decided at the second death', async () => {
    const { one, runId } = await hangingRun();
    const { runId: other } = await one.start(workflowText([['action: t.hang']]));
    const second = await next(one);
    second.store.close();
    // What a process leaves that dies while it decides.
    writeFileSync(join(second.dir, 'deciding'), `${other}\n`);
    const third = await next(second);
    expect([statusOf(third, runId), statusOf(third, other)]).toEqual(['running', 'paused']);
  });
});

it('a wait of the workflow itself is not the engine at work', async () => {
  const one = harness({ tools: tools() });
  const { runId } = await one.start(workflowText([['action: workflow.sleep', 'inputs: {duration: 1h}']]));
  const third = await next(await next(one));
  expect(statusOf(third, runId)).toBe('running');
});

it('the mark stands only while something is decided, and goes with the engine', async () => {
  const one = harness({ tools: tools() });
  const file = join(one.dir, 'deciding');
  let seen: string | null = null;
  one.store.deciding.during('run-1', () => {
    seen = new DecisionMark(file).left;
  });
  expect(seen).toBe('run-1');
  one.store.deciding.takeUp();
  expect(one.store.deciding.left).toBeNull();
  one.store.deciding.close();
  expect(existsSync(file)).toBe(false);
});
