import { describe, expect, it } from 'vitest';
import { projectStepState } from '../../src/core/engine/projection.ts';
import type { Tool } from '../../src/core/tools/index.ts';
import type { EffectClass } from '../../src/shared/model/events.ts';
import { opened } from '../support/block-runs.ts';
import { inProcessTool, openHarness, workflowText } from '../support/engine-harness.ts';

function world(effect: EffectClass, more: Partial<Tool> = {}) {
  let calls = 0;
  const plain = inProcessTool(
    'c',
    {
      ask: ({ inputs }) => {
        calls += 1;
        return `${inputs.q}${calls}`;
      },
    },
    { effect, repeatable: effect !== 'effect' },
  );
  const one = openHarness({ tools: [{ ...plain, ...more }] });
  opened.push(one);
  return { one, count: () => calls };
}

const text = (yaml: string): string => workflowText([yaml.split('\n')], ['inputs:', '  q: {default: a}']);
const ask = 'id: ask\naction: c.ask\ninputs: {q: "{{ inputs.q }}"}\noutput_variable: x\ncache: 1h';

describe('cache of a step (SPEC §1.5)', () => {
  it('uses the output of the same action, inputs and version again, and says so', async () => {
    const { one, count } = world('idempotent');
    const version = one.versionOf(text(ask));
    const run = async (q: string) => {
      const { runId } = await one.engine.start({
        ...{ version, inputs: { q }, trigger: { type: 'manual' } },
        actor: { kind: 'user', id: 'x', door: 'cli' },
      });
      await one.engine.settled(runId);
      return { runId, state: one.engine.stateOf(runId).state };
    };
    const first = await run('a');
    const madeAt = one.clock.ports.now();
    one.clock.advance(60_000);
    const second = await run('a');
    expect([first, second].map(({ state }) => state.variables.get('x'))).toEqual(['a1', 'a1']);
    expect(first.state.steps.get('ask')?.metadata).toBeNull();
    const record = second.state.steps.get('ask');
    expect(record?.metadata).toEqual({ cached: true, cached_at: new Date(madeAt).toISOString() });
    expect(record === undefined ? null : projectStepState(record).cachedAt).toBe(madeAt);
    expect((await run('b')).state.variables.get('x')).toBe('b2');
    one.clock.advance(3_600_000);
    expect((await run('a')).state.variables.get('x')).toBe('a3');
    expect(count()).toBe(3);
  });

  it('is not shared with another version, and goes with the run that made it', async () => {
    const { one, count } = world('idempotent');
    const first = await one.run(text(ask));
    await one.run(text(`${ask}\nname: other`));
    expect(count()).toBe(2);
    const [version] = one.versions.values();
    if (version === undefined) throw new Error('no version');
    await one.engine.deleteRun(first.runId);
    await one.run(text(ask), {}, { version });
    expect(count()).toBe(3);
  });

  it('keeps nothing of what has an effect, and warns', async () => {
    const { one, count } = world('effect');
    const twice = `for_each: [1, 2]\nsteps:\n  - {id: ask, action: c.ask, cache: 1h, inputs: {q: x}}`;
    const state = await one.run(text(twice));
    expect(count()).toBe(2);
    expect(state.steps.get('step_1[1].ask')?.warnings.map(({ message }) => message)).toEqual([
      "The output is not kept: c.ask has an effect that must happen each time. Where it may be left out, write 'idempotent: true' at the step.",
    ]);
    const allowed = world('effect');
    await allowed.one.run(text(twice.replace('cache: 1h', 'cache: 1h, idempotent: true')));
    expect(allowed.count()).toBe(1);
  });

  it.each([
    ['outside that says what it is', { category: 'service', fingerprint: (): string => 'same' }, 1],
    ['outside that does not', { category: 'service' }, 2],
    ['that changes each time', { fingerprint: (): string => String(Math.random()) }, 2],
  ] as const)('a tool %s', async (_what, more, times) => {
    const { one, count } = world('idempotent', more);
    const twice = `for_each: [1, 2]\nsteps:\n  - {id: ask, action: c.ask, cache: 1h, inputs: {q: x}}`;
    expect((await one.run(text(twice))).status).toBe('completed');
    expect(count()).toBe(times);
  });

  it('writes its output file from what was kept', async () => {
    const { one, count } = world('idempotent');
    const twice = `for_each: [1, 2]\nsteps:\n  - {id: ask, action: c.ask, cache: 1h, output_file: "{{ item }}.txt", inputs: {q: x}}`;
    await one.run(text(twice));
    expect([...one.written]).toEqual([
      ['1.txt', 'x1\n'],
      ['2.txt', 'x1\n'],
    ]);
    expect(count()).toBe(1);
  });
});
