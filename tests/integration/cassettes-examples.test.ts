import { afterAll, beforeAll, expect, it } from 'vitest';
import { callsNothing } from '../support/calls-nothing.ts';
import { type CliWorld, openCliWorld } from '../support/run-cli.ts';

/** SPEC §3.9: every example is recorded, kept as a test, and replayed against itself: nothing is started, reached or paid, and it gives the same. */
type Value = Record<string, unknown>;
const EXAMPLES = [
  'code-review',
  'csv-report',
  'daily-standup',
  'dependency-report',
  'dependency-update',
  'email-triage',
  'incident-response',
  'release-notes',
  'repo-audit',
  'sprint-planning',
];

/** Its run goes on once somebody said yes. */
const ASKS = 'dependency-update';

let world: CliWorld;
beforeAll(async () => {
  world = await openCliWorld();
});
afterAll(() => world.dispose());

async function json(words: readonly string[], code: number): Promise<Value> {
  const result = await world.run('--json', ...words);
  expect(result.exitCode, result.stderr + result.stdout).toBe(code);
  return result.json();
}

async function approve(): Promise<void> {
  const { approvals } = await json(['approvals', 'list'], 0);
  await json(['approvals', 'approve', (approvals as [{ id: string }])[0].id], 0);
}

it.each(EXAMPLES)('%s', async (name) => {
  await json(['init', '--force', '--example', name], 0);
  // An example that reports what could not be done is a success in part.
  const ran = await json(['run', name, '--allow-partial'], name === ASKS ? 3 : 0);
  if (name === ASKS) await approve();
  const first = await json(['runs', 'save-test', String(ran.run_id), 'first'], 0);
  expect(first).toMatchObject({
    path: `.aiworkflow/bundles/${name}/tests/first.cassette.json`,
    is_bundle_changed: true,
  });
  const tested = await callsNothing(() => json(['workflow', 'test', name], 0));
  expect(tested).toMatchObject({ passed: 1, failed: 0, tests: [{ name: 'first', drift: null, outputs: [] }] });
  const [{ run_id: runId, answered, exchanges }] = tested.tests as [Value];
  expect(answered).toBe(exchanges);
  expect(exchanges).toBeGreaterThan(0);
  const recorded = await json(['runs', 'show', String(ran.run_id)], 0);
  const replayed = await json(['runs', 'show', String(runId)], 0);
  expect(recorded.final_output).not.toBeNull();
  expect(replayed).toMatchObject({ cost: 0, final_output: recorded.final_output });
});
