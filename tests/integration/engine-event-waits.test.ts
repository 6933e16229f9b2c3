import { describe, expect, it } from 'vitest';
import type { RunState } from '../../src/core/engine/index.ts';
import { toArrival } from '../../src/core/operations/event-inbox.ts';
import type { JsonMap } from '../../src/shared/json.ts';
import { gates, harness, opened, ticks, tool, variables } from '../support/block-runs.ts';
import { FakeClock, openHarness, TESTER, workflowText } from '../support/engine-harness.ts';

/** `wait: {event}` beside whatever else a run does (SPEC §1.4): deliveries as the inbox keeps them, time as the test wants it. */
const MINUTE = 60_000;
type One = ReturnType<typeof harness>;

let count = 0;
/** Stores a delivery as one that has come to its end. */
function store(one: One, path: string, payload: JsonMap, receivedAt = one.clock.ports.now()) {
  count += 1;
  const body = new TextEncoder().encode(JSON.stringify(payload));
  const row = {
    ...{ id: `d${count}`, kind: 'webhook' as const, triggerKey: null, endpoint: path, externalId: null, receivedAt },
    ...{ sourceIp: null, method: 'POST', event: 'e', title: '', state: 'started' as const, reason: null },
    ...{ verdict: 'valid', headers: [], bodyHash: null, data: {}, chain: [], checks: [] },
  };
  one.store.deliveries.add([{ ...row, body }]);
  return toArrival(row, () => body);
}

/** Stores it and says so. */
const send = (one: One, path: string, payload: JsonMap): void => {
  const arrival = store(one, path, payload);
  one.engine.events.tell(path, () => arrival);
};

async function rest(one: One, steps: readonly (readonly string[])[], head: readonly string[] = []) {
  const { runId } = await one.start(workflowText(steps, head));
  const state = (): RunState => one.engine.stateOf(runId).state;
  const settle = async (): Promise<RunState> => {
    await ticks();
    await one.engine.settled(runId);
    await ticks();
    return state();
  };
  await settle();
  return { runId, state, settle };
}

const NUMBER = 'action: t.say\ninputs: {value: "{{ w.event.payload.n }}"}\noutput_variable: n'.split('\n');

describe('a step that waits for an event', () => {
  it('is void once its run is cancelled, and takes what came while the run was paused', async () => {
    const one = harness();
    const cancelled = await rest(one, [['id: w', 'wait: {event: /x}']]);
    await one.engine.cancel(cancelled.runId, TESTER);
    expect((await cancelled.settle()).status).toBe('cancelled');
    expect(one.store.runs.find(cancelled.runId)?.hears).toBeNull();
    const paused = await rest(one, [['id: w', 'wait: {event: /x}', 'output_variable: w'], NUMBER]);
    await one.engine.pause(paused.runId, TESTER);
    send(one, '/x', { n: 1 });
    expect([(await paused.settle()).status, (await cancelled.settle()).status]).toEqual(['paused', 'cancelled']);
    await one.engine.resume(paused.runId, TESTER);
    expect([(await paused.settle()).status, variables(paused.state())]).toMatchObject(['completed', { n: 1 }]);
    expect(one.bugs).toEqual([]);
  });

  it('beside an approval is heard while a person is asked, and beside an attempt that goes on', async () => {
    const { gate, end } = gates();
    const one = openHarness({ tools: [tool, gate] });
    opened.push(one);
    const asks = await rest(one, [
      [
        'parallel:',
        '  a: [{approval: {title: Go}}]',
        '  b: [{id: w, wait: {event: /x}, output_variable: w}]',
        'output_variable: both',
      ],
    ]);
    expect(one.store.runs.find(asks.runId)).toMatchObject({ waitsFor: 'approval', hears: '/x' });
    send(one, '/x', { n: 1 });
    expect([...(await asks.settle()).steps.values()].find(({ path }) => path.endsWith('.w'))?.status).toBe('completed');
    expect(one.store.runs.find(asks.runId)).toMatchObject({ status: 'waiting', waitsFor: 'approval', hears: null });

    const { runId } = await one.start(
      workflowText([
        ['id: go', 'action: g.wait', 'needs: []'],
        ['id: w', 'wait: {event: /y}', 'needs: []', 'output_variable: w'],
      ]),
    );
    await ticks();
    send(one, '/y', { n: 2 });
    await ticks();
    expect(one.engine.stateOf(runId).state.steps.get('w')?.status).toBe('completed');
    await end('go');
    await one.engine.settled(runId);
    expect(one.engine.stateOf(runId).state.status).toBe('completed');
    expect(one.bugs).toEqual([]);
  });

  it.each([
    ['in time counts, though nobody was there', 30_000, 'completed', undefined],
    ['too late does not', 90_000, 'failed', 'engine.wait_timed_out'],
  ])('what came %s', async (_, afterMs, status, code) => {
    const one = harness();
    const { runId } = await rest(one, [['id: w', 'wait: {event: /x, timeout: 1m}']]);
    store(one, '/x', {}, one.clock.ports.now() + afterMs);
    one.store.close();
    const clock = new FakeClock();
    clock.advance(2 * MINUTE);
    const next = openHarness({ dir: one.dir, tools: [tool], clock });
    opened.push(next);
    for (const [hash, version] of one.versions) next.versions.set(hash, version);
    await next.engine.recoverAll();
    await ticks();
    await next.engine.settled(runId);
    const { state } = next.engine.stateOf(runId);
    expect([state.status, state.steps.get('w')?.error?.code]).toEqual([status, code]);
    expect(next.bugs).toEqual([]);
  });

  it('is not failed by what cannot be held against its condition, and says so', async () => {
    const one = harness();
    const { state, settle } = await rest(one, [
      ['id: w', 'wait: {event: /x, match: payload.n | int / payload.by == 2}', 'output_variable: w'],
      NUMBER,
    ]);
    send(one, '/x', { n: 4, by: 0 });
    send(one, '/x', { other: true });
    expect((await settle()).status).toBe('waiting');
    send(one, '/x', { n: 4, by: 2 });
    expect([(await settle()).status, variables(state())]).toMatchObject(['completed', { n: 4 }]);
    expect(
      state()
        .steps.get('w')
        ?.warnings.map(({ message }) => message),
    ).toEqual(expect.arrayContaining([expect.stringContaining("cannot be held against 'match'")]));
  });

  it('of each turn of a loop takes its own, and that of a turn that is over takes none', async () => {
    const one = harness();
    const { state, settle } = await rest(one, [
      [
        'id: l',
        'for_each: [1, 2]',
        'as: n',
        'steps: [{id: w, wait: {event: /x}, output_variable: w}, {action: t.say, inputs: {value: "{{ w.event.payload.n }}"}}]',
        'output_variable: all',
      ],
    ]);
    send(one, '/x', { n: 'first' });
    expect((await settle()).steps.get('l[1].w')?.status).toBe('waiting');
    send(one, '/x', { n: 'second' });
    expect([(await settle()).status, variables(state())]).toEqual(['completed', { all: ['first', 'second'] }]);
  });
});
