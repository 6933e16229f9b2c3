import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type CliWorld, openCliWorld } from '../support/run-cli.ts';

/** SPEC §14: settings count, or it is said that they do not; nothing runs on defaults that nobody asked for. */
let world: CliWorld;
beforeEach(async () => {
  world = await openCliWorld();
});
afterEach(() => world.dispose());

const flow = (id: string, lines: readonly string[]): string =>
  `---\nworkflow: {id: ${id}, name: ${id}}\n---\n## Step 1: Do\n\n\`\`\`yaml\n${lines.join('\n')}\n\`\`\`\n`;
const NOOP = flow('noop', ['action: workflow.noop']);
const configLines = (stdout: string): readonly string[] =>
  stdout.split('\n').filter((line) => /Config File/.test(line));

it.each<readonly [string, () => void, RegExp]>([
  ['holds bad YAML', () => world.write({ 'aiworkflow.yaml': 'agent: {primary: [demo\n' }), /Invalid YAML/],
  ['holds a wrong value', () => world.write({ 'aiworkflow.yaml': 'tools: {timeout: -3s}\n' }), /tools\.timeout/],
  [
    'is a folder',
    () => {
      rmSync(join(world.project, 'aiworkflow.yaml'));
      mkdirSync(join(world.project, 'aiworkflow.yaml'));
    },
    /aiworkflow\.yaml cannot be read: it is a folder/,
  ],
  [
    'leads nowhere',
    () => symlinkSync('/nowhere/at/all', join(world.project, 'aiworkflow.local.yaml')),
    /aiworkflow\.local\.yaml cannot be read/,
  ],
  ['stands beside a broken .env', () => mkdirSync(join(world.project, '.env')), /\.env cannot be read/],
])('a settings file that %s starts no run, and doctor names it', async (_what, damage, said) => {
  world.write({ 'noop.md': NOOP });
  damage();
  const ran = await world.run('--json', 'run', './noop.md');
  expect(ran.exitCode).toBe(1);
  expect(ran.json()).toMatchObject({ code: 'config.invalid', error: expect.stringMatching(said) });
  const doctor = await world.run('doctor');
  expect(doctor.exitCode).toBe(1);
  expect(configLines(doctor.stdout)).toEqual([expect.stringMatching(/^ERROR /)]);
  expect(doctor.stdout).toMatch(said);
  expect((await world.run('--json', 'runs', 'list')).json()).toMatchObject({ runs: [] });
});

it('says on stderr what does not count, and goes on', async () => {
  world.write({
    'noop.md': NOOP,
    'aiworkflow.yaml':
      'agent: {primary: demo}\nsecurity: {vault_path: .aiworkflow/state/vault}\nlogging: {formt: json}\nqueue: {type: redis}\n',
  });
  const ran = await world.run('run', './noop.md');
  expect(ran.exitCode).toBe(0);
  expect(ran.stderr).toContain("Warning: aiworkflow.yaml:2:24 'security.vault_path': not used yet by this version.");
  expect(ran.stderr).toContain("Unknown key 'logging.formt' (fix: Did you mean 'format'?)");
  expect((await world.run('--json', 'runs', 'list')).stderr).toContain("'security.vault_path': not used yet");
  expect((await world.run('--json', '--quiet', 'runs', 'list')).stderr).toBe('');
  const validated = await world.run('workflow', 'validate', './noop.md');
  expect(validated.stderr).toContain("'security.vault_path': not used yet");
  const doctor = await world.run('--json', 'doctor');
  const { checks } = doctor.json<{ checks: readonly { name: string; status: string }[] }>();
  expect(checks.filter(({ name }) => name === 'Config File').map(({ status }) => status)).toEqual(
    Array.from({ length: 2 }, () => 'warning'),
  );
});

it('obeys a variable over the files, and the paths of the settings', async () => {
  world.dispose();
  world = await openCliWorld({ AIWORKFLOW_WORKFLOWS_DEFAULT_TIMEOUT: '2s' });
  world.write({
    'aiworkflow.yaml': 'workflows: {path: flows, default_timeout: 1h}\ntools: {registry_path: our/registry.yaml}\n',
    'our/registry.yaml': 'tools: [{name: helpdesk, implementations: [{type: openapi, spec_path: spec.json}]}]\n',
    'flows/slow.md': flow('slow', ['action: workflow.sleep', 'inputs: {duration: 10m}']),
    'flows/write.md': flow('write', [
      'action: workflow.write_file',
      `inputs: {path: "${world.project}/flows/more.md", content: x}`,
    ]),
  });
  const listed = await world.run('--json', 'workflow', 'list');
  expect(listed.json<{ workflows: readonly { id: string }[] }>().workflows.map(({ id }) => id)).toEqual([
    'slow',
    'write',
  ]);
  expect((await world.run('--json', 'tools', 'list')).stdout).toContain('helpdesk');
  const slow = await world.run('--json', 'run', 'slow');
  expect(slow.json()).toMatchObject({ success: false, error: expect.stringMatching(/timed out|2s|2 seconds/i) });
  const write = await world.run('--json', 'run', 'write');
  expect(write.json()).toMatchObject({ success: false, error: expect.stringMatching(/may not write/) });
});

it('takes variables of .env files: the user, the project, .aiworkflow, then the bundle', async () => {
  mkdirSync(join(world.home, 'user'), { recursive: true });
  writeFileSync(join(world.home, 'user', '.env'), 'A=user\nB=user\nC=user\nD=user\n');
  world.write({
    '.env': 'B=project\nC=project\nD=project\nHOME=/nowhere\n',
    '.aiworkflow/.env': 'C=inner\nD=inner\n',
    'mine/.env': 'D=bundle\n',
    'mine/config.yaml': 'env: {SEEN: "${A} ${B} ${C} ${D}", MY_HOME: "${HOME}"}\n',
    'mine/tools/env.mjs':
      '#!/usr/bin/env node\nconsole.log(JSON.stringify({ seen: process.env.SEEN, home: process.env.MY_HOME }));\n',
    // The variable that holds for this file gives a run two seconds, which starting a script may take elsewhere.
    'mine/workflow.md': flow('mine', ['action: env.run', 'output_variable: out']).replace(
      'workflow: {',
      'execution: {timeout: 10m}\nworkflow: {',
    ),
  });
  const ran = await world.run('--json', 'run', './mine');
  expect(ran.json()).toMatchObject({ outputs: { out: { seen: 'user project inner bundle', home: world.home } } });
});
