import { expect, it } from 'vitest';
import type { JsonMap } from '../../shared/json.ts';
import type { FollowedPlan } from '../../shared/model/plan.ts';
import { leftPlanByCall } from './agent-plan-watch.ts';

const plan: FollowedPlan = {
  ...{ hash: 'a'.repeat(64), tools: ['files', 'web'], calls: [], isCut: false },
  touches: { hosts: ['api.example.com', '*.cdn.example.com'], reads: ['docs/**', 'notes.txt'], writes: ['out'] },
};
const why = (action: string, inputs: JsonMap, followed: FollowedPlan | null = plan): string | null =>
  leftPlanByCall(
    { path: 'ask', action, inputs },
    { created: followed === null ? {} : { plan: followed }, allowedSteps: new Set(['let_go']) },
  )?.message.replace(/^.*leaves the plan: /, '') ?? null;

it.each<[string, JsonMap]>([
  ['files.read', { path: 'docs/a/b.md' }],
  ['files.read', { path: './notes.txt', text: 'See https://elsewhere.example and /etc/passwd' }],
  ['files.write', { files: ['out/a', 'out/b'] }],
  ['web.get', { url: 'https://API.example.com/v1?x=1' }],
  ['web.get', { url: 'https://a.cdn.example.com/' }],
  ['web.search', { query: 'a / b' }],
])('%s %j is what the plan names', (action, inputs) => {
  expect(why(action, inputs)).toBeNull();
});

it.each<[string, JsonMap, string]>([
  ['bank.pay', {}, "the plan does not name the tool 'bank'."],
  ['files.read', { path: 'src/a.ts' }, "the plan does not name the file 'src/a.ts'."],
  ['files.read', { path: 'docs/../secret' }, "the plan does not name the file 'docs/../secret'."],
  ['files.read', { source: '/etc/passwd' }, "the plan does not name the file '/etc/passwd'."],
  ['files.read', { path: '/docs/a' }, "the plan does not name the file '/docs/a'."],
  ['web.get', { at: ['https://evil.example/'] }, "the plan does not name the host 'evil.example'."],
  ['web.get', { url: 'https://cdn.example.com.evil/' }, "the plan does not name the host 'cdn.example.com.evil'."],
])('%s %j leaves it', (action, inputs, said) => {
  expect(why(action, inputs)).toBe(said);
  expect(why(action, inputs, null)).toBeNull();
  expect(
    leftPlanByCall({ path: 'let_go', action, inputs }, { created: { plan }, allowedSteps: new Set(['let_go']) }),
  ).toBeNull();
});
