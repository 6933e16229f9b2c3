import { expect, it } from 'vitest';
import type { JsonMap } from '../../shared/json.ts';
import type { FollowedPlan, PlannedCall } from '../../shared/model/plan.ts';
import { leftPlan, planOfChild } from './plan-watch.ts';
import type { StartedEvent } from './render-attempt.ts';

const planOf = (...calls: readonly PlannedCall[]): FollowedPlan => ({
  ...{ hash: 'a'.repeat(64), tools: ['mail', 'workflow'], calls, isCut: false },
});
const call = (path: string, inputs: JsonMap, unknown: readonly string[] = [], action = 'mail.send'): PlannedCall => ({
  ...{ path, action, inputs, unknown },
});
const started = (path: string, inputs: JsonMap, action = 'mail.send'): StartedEvent => ({
  ...{ type: 'step.started', path, index: 0, name: 'Send', variable: null, attempt: 1, now: 0, action, inputs },
  ...{ effect: 'effect', role: 'main' },
});
const leaves = (plan: FollowedPlan, event: StartedEvent, allowed: readonly string[] = []): string | null =>
  leftPlan(event, { created: { plan }, allowedSteps: new Set(allowed) })?.message ?? null;

it('lets a step begin that is what the plan says, whatever the values are that nobody knew', () => {
  const plan = planOf(
    call('send', { to: 'ann', body: { text: '{{ x }}', lines: [1, '{{ y }}'] } }, ['/body/text', '/body/lines/1']),
  );
  expect(leaves(plan, started('send', { to: 'ann', body: { text: 'any', lines: [1, 9] } }))).toBeNull();
  expect(leftPlan(started('send', {}), { created: {}, allowedSteps: new Set() })).toBeNull();
});

it.each<[string, StartedEvent, RegExp]>([
  ['another known argument', started('send', { to: 'bob', body: 1 }), /'to' is not what the plan says/],
  ['a known argument that is missing', started('send', { body: 1 }), /'to' is not/],
  [
    'another action',
    started('send', { to: 'ann', body: 1 }, 'mail.delete'),
    /mail\.send, and it would do mail\.delete/,
  ],
  ['a tool that is not named', started('send', { to: 'ann', body: 1 }, 'bank.pay'), /does not name the tool 'bank'/],
  ['a step that is not in it', started('other', { to: 'ann' }), /does not hold this step/],
])('holds back %s', (_what, event, why) => {
  expect(leaves(planOf(call('send', { to: 'ann', body: '{{ x }}' }, ['/body'])), event)).toMatch(why);
  expect(leaves(planOf(call('send', { to: 'ann', body: '{{ x }}' }, ['/body'])), event, [event.path])).toBeNull();
});

it('finds turns of which nobody knew the number, and the part of a sub-workflow', () => {
  const plan = planOf(call('each[*].send', { to: 'ann' }), call('each[*].sub/send', { to: 'eve' }));
  expect(leaves(plan, started('each[12].send', { to: 'ann' }))).toBeNull();
  expect(leaves(plan, started('each[x].send', { to: 'ann' }))).not.toBeNull();
  expect(planOfChild(plan, 'each[3].sub').plan?.calls).toEqual([call('send', { to: 'eve' })]);
  expect(planOfChild(undefined, 'each[3].sub')).toEqual({});
});
