import { cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { JsonMap } from '../../src/shared/json.ts';
import { LocalProject } from '../support/local-project.ts';

/**
 * Workflows such as people write them: templates that loop over, divide and compare what an agent gave, without any schema. They run
 * offline with `demo`, whose answers have the types that the uses ask for (SPEC §4.2, §15).
 */
let project: LocalProject;
beforeAll(() => {
  project = new LocalProject(['agent: {primary: demo}']);
  cpSync(join(import.meta.dirname, 'seed'), join(project.path, '.aiworkflow', 'bundles'), { recursive: true });
});
afterAll(() => project.close());

const EXPECTED: Readonly<Record<string, JsonMap>> = {
  'code-review': {
    approved: false,
    issues: [
      expect.objectContaining({ file: 'a.js', line: 3, severity: 'high' }),
      expect.objectContaining({ file: 'b.js', line: 9 }),
      expect.objectContaining({ file: 'b.js', line: 12 }),
    ],
    share: 7.5,
    score: expect.any(Number),
    text: expect.stringContaining('demo'),
  },
  'daily-standup': {
    post: expect.stringMatching(/75 % done\n\* Ann: parser, docs\n\* Bob: release\n! CI is red \(3 days\)\n/),
    share: 75,
    blockers: ['CI is red', 'waits for review'],
    late: false,
  },
  'dependency-update': {
    changelog: '- ajv 8.1.0 to 8.2.0 (risky);- zod 4.0.1 to 4.1.0;',
    mean: 4.5,
    first: 'zod',
    names: ['zod', 'ajv'],
    major: expect.any(Boolean),
  },
  'incident-response': {
    factor: 6,
    severity: expect.stringMatching(/^(?:high|critical|medium|low)$/),
    times: ['08:00', '08:05'],
    steps: '08:00=10;08:05=60;',
    paged: true,
  },
  'sprint-planning': {
    page: expect.stringMatching(/Velocity 10\.5\n1\. A-1 Parser \(8(?:\.0)?\) big\n2\. A-2 Docs \(3(?:\.0)?\)\n/),
    velocity: 10.5,
    capacity: 21,
    points: 11,
    fits: true,
  },
  'email-triage': {
    report: expect.stringMatching(
      /# Mail of Ann\n## home\n- eve@example\.org: Lunch\?\n## work\n- bob@example\.org: The site is down\n/,
    ),
    urgent: ['The site is down'],
    senders: ['bob@example.org', 'eve@example.org'],
    share: 1 / 3,
    calm: expect.any(Boolean),
  },
};

it('every seed is looked at', () => {
  expect(readdirSync(join(import.meta.dirname, 'seed')).sort()).toEqual(Object.keys(EXPECTED).sort());
});

it.each(Object.keys(EXPECTED))('%s runs green, with values of the types that it uses', async (name) => {
  expect(await project.call('workflows.validate', { ref: name })).toMatchObject({
    valid: true,
    missing: [],
    errors: [],
  });
  const runId = await project.run(name);
  const { run, steps, outputs, successConditions } = await project.call('runs.get', { runId });
  expect(steps.map(({ path, status, error }) => [path, status, error?.message ?? ''])).toEqual(
    steps.map(({ path }) => [path, 'completed', '']),
  );
  expect(run).toMatchObject({ status: 'completed', outcome: 'success' });
  expect(outputs).toEqual(EXPECTED[name]);
  expect(successConditions.map(({ result }) => result)).toEqual(successConditions.map(() => 'met'));
});
