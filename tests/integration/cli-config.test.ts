import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type CliWorld, openCliWorld } from '../support/run-cli.ts';

/** SPEC §13 `config get|set`: settings are read with where they come from, and written as a person would have. */
let world: CliWorld;
beforeEach(async () => {
  world = await openCliWorld();
});
afterEach(() => world.dispose());

const file = (): string => readFileSync(join(world.project, 'aiworkflow.yaml'), 'utf8');
const OURS = '# ours\nlogging: # of runs\n  level: info # quiet\n\n\nagent: {primary:   demo}\n';

it('shows a value and where it comes from: default, file, this machine, variable', async () => {
  world.write({ 'aiworkflow.yaml': OURS, 'aiworkflow.local.yaml': 'tools:\n  timeout: 90s\n' });
  const get = async (key: string, env = {}) => (await world.runWith({ env }, '--json', 'config', 'get', key)).json();
  expect(await get('scheduler.catch_up_window')).toEqual({
    key: 'scheduler.catch_up_window',
    value: '1d',
    source: { from: 'default', name: null, line: null },
  });
  expect(await get('logging.level')).toMatchObject({
    value: 'info',
    source: { from: 'file', name: 'aiworkflow.yaml', line: 3 },
  });
  expect(await get('tools.timeout')).toMatchObject({
    value: '90s',
    source: { from: 'local', name: 'aiworkflow.local.yaml', line: 2 },
  });
  expect(await get('logging.level', { AIWORKFLOW_LOGGING_LEVEL: 'debug' })).toMatchObject({
    value: 'debug',
    source: { from: 'variable', name: 'AIWORKFLOW_LOGGING_LEVEL', line: null },
  });
  const shown = await world.run('config', 'get', 'logging.level');
  expect([shown.stdout, shown.stderr]).toEqual(['info\n', 'From aiworkflow.yaml:3.\n']);
  const { settings } = (await get('logging')) as { settings: readonly { key: string }[] };
  expect(settings.map(({ key }) => key)).toContain('logging.retention_days');
  expect((await world.run('config', 'get')).stdout).toMatch(/^queue\.type +local +the default$/m);
});

it('shows no password and no key', async () => {
  world.write({
    'aiworkflow.yaml':
      'agent: {configs: {claude: {api_key: sk-12345, model: big}}}\nqueue: {redis_url: "redis://me:hunter2@host:1/"}\n' +
      'monitoring: {alert_channels: [https://hooks.example.com/T1/secret-path]}\n',
  });
  const { stdout } = await world.run('--json', 'config', 'get');
  expect(stdout).toContain('"model":"big"');
  for (const secret of ['sk-12345', 'hunter2', 'secret-path']) expect(stdout).not.toContain(secret);
});

it('writes one value; comments, order and spacing stay, and the next run goes by it', async () => {
  world.write({ 'aiworkflow.yaml': OURS });
  const set = await world.run('--json', 'config', 'set', 'logging.level', 'debug');
  expect(set.json()).toEqual({
    key: 'logging.level',
    value: 'debug',
    source: { from: 'file', name: 'aiworkflow.yaml', line: 3 },
  });
  expect(file()).toBe(OURS.replace('info', 'debug'));
  expect((await world.run('config', 'set', 'workflows.max_concurrent', '3')).stdout).toBe(
    'workflows.max_concurrent is 3 now (aiworkflow.yaml:8).\n',
  );
  expect(file()).toContain('max_concurrent: 3');
  await world.run('config', 'set', 'agent.failover.fallback_agents', '[demo, ollama]');
  await world.run('config', 'set', 'workflows.limits.tags.team.a', '2');
  await world.run('config', 'set', 'agent.configs.demo.model', '3.10');
  await world.run('config', 'set', 'logging.level', 'null');
  const { settings } = (await world.run('--json', 'config', 'get')).json<{
    settings: readonly { key: string; value: unknown; source: { from: string } }[];
  }>();
  const found = Object.fromEntries(settings.map(({ key, value, source }) => [key, [value, source.from]]));
  expect(found).toMatchObject({
    'agent.failover.fallback_agents': [['demo', 'ollama'], 'file'],
    'workflows.limits.tags': [{ 'team.a': 2 }, 'file'],
    'agent.configs': [{ demo: { model: '3.10' } }, 'file'],
    'logging.level': ['info', 'default'],
  });
  expect(file()).toContain('# ours');
  expect((await world.run('doctor')).stdout).toMatch(/^OK +Config File/m);
});

it.each<readonly [string, string, RegExp]>([
  ['logging.levle', 'debug', /There is no setting 'logging\.levle'/],
  ['logging', 'debug', /'logging' is a group of settings/],
  ['logging.level', 'loud', /'logging\.level' must be debug, info, warning or error, not 'loud'/],
  ['workflows.max_concurrent', '0', /'workflows\.max_concurrent' must be a whole number from 1 to 1,000/],
  ['tools.timeout', 'soon', /'tools\.timeout'/],
  ['scheduler.timezone', 'Mars/Olympus', /Unknown time zone: Mars\/Olympus/],
  ['workflows.path', '../elsewhere', /'workflows\.path' must be inside the project/],
  ['agent.fallback', 'nobody', /There is no agent 'nobody' here/],
  ['agent.primary', 'nobody', /nobody/],
  ['agent.configs.claude.api_key', 'sk-12345', /would hold a secret/],
  ['queue.redis_url', 'redis://me:hunter2@host:1/', /would hold a secret/],
  ['costs.limits', '[{name: day}]', /max_cost/],
])('refuses %s = %s, and writes nothing', async (key, value, said) => {
  world.write({ 'aiworkflow.yaml': OURS });
  const set = await world.run('--json', 'config', 'set', key, value);
  expect(set.exitCode).toBe(1);
  expect(set.json()).toMatchObject({ error: expect.stringMatching(said) });
  expect(file()).toBe(OURS);
});

it('says the place of what is wrong, and what goes before the file on this machine', async () => {
  world.write({ 'aiworkflow.yaml': OURS, 'aiworkflow.local.yaml': 'logging: {format: json}\n' });
  const wrong = await world.run('config', 'set', 'logging.level', 'loud');
  expect(wrong.stderr).toContain('at aiworkflow.yaml:3:10');
  const local = await world.run('--json', 'config', 'set', 'logging.format', 'text');
  expect(local.json()).toMatchObject({
    error: 'aiworkflow.local.yaml sets logging.format to json on this machine.',
    code: 'config.invalid',
  });
});

it('mends a file in which other things are wrong, and makes one that is not there', async () => {
  world.write({ 'aiworkflow.yaml': 'logging: {level: loud}\nqueue: {type: post}\n' });
  expect((await world.run('config', 'set', 'logging.level', 'debug')).exitCode).toBe(0);
  expect(file()).toBe('logging: {level: debug}\nqueue: {type: post}\n');
  expect((await world.run('config', 'set', 'queue.type', 'post')).exitCode).toBe(1);
});

it('the audit says who wrote what, how it was and how it is', async () => {
  world.write({ 'aiworkflow.yaml': OURS });
  await world.run('config', 'set', 'logging.level', 'debug');
  const { events } = (await world.run('--json', 'audit', 'query', '--type', 'config.changed')).json<{
    events: readonly { action: string; resource: string; details: Record<string, unknown> }[];
  }>();
  const [outcome, intent] = events.filter(({ action }) => action === 'config.set');
  expect(intent).toMatchObject({
    details: {
      phase: 'intent',
      input: { key: 'logging.level', value: '[redacted]' },
      before: { value: 'info', from: 'file' },
    },
  });
  expect(outcome).toMatchObject({ details: { phase: 'outcome', after: { value: 'debug', from: 'file' } } });
});
