import { expect, it } from 'vitest';
import { defaultProjectConfig, readProjectConfig, variableOf } from './read-project-config.ts';
import { SETTINGS, settingPath } from './setting-keys.ts';

it('every key that is read has its place in the list, and no other', async () => {
  const asked = new Set<string>();
  const env = new Proxy({}, { get: (_, name) => void asked.add(String(name)) });
  await readProjectConfig('/nowhere', { env });
  const listed = Object.keys(SETTINGS).map((key) => variableOf(key.split('.')));
  expect([...asked].filter((name) => !listed.includes(name))).toEqual([]);
  const open = ['AIWORKFLOW_VERSION', 'AIWORKFLOW_FRAMEWORK', 'AIWORKFLOW_AGENT_CONFIGS'];
  const named = [
    'AIWORKFLOW_WORKFLOWS_LIMITS_WORKFLOWS',
    'AIWORKFLOW_WORKFLOWS_LIMITS_TAGS',
    'AIWORKFLOW_SECURITY_AUTH_STRATEGIES',
  ];
  expect(listed.filter((name) => !asked.has(name) && ![...open, ...named].includes(name))).toEqual([]);
});

it('defaults are spelled as a file would', () => {
  const config = defaultProjectConfig();
  const values = Object.fromEntries(Object.entries(SETTINGS).map(([key, read]) => [key, read(config)]));
  expect(values).toMatchObject({
    'tools.timeout': '30s',
    'queue.visibility_timeout': '5m',
    'queue.message_ttl': '1d',
    'workflows.default_timeout': null,
    'monitoring.enabled': false,
  });
  expect(JSON.parse(JSON.stringify(values))).toEqual(values);
});

it.each([
  ['agent.configs.demo.model', ['agent', 'configs', 'demo', 'model']],
  ['workflows.limits.tags.team.a', ['workflows', 'limits', 'tags', 'team.a']],
  ['agent', null],
  ['agent.configs.', null],
  ['constructor', null],
  ['tools.timeout.more', null],
])('%s leads to %j', (key, path) => {
  expect(settingPath(key)).toEqual(path);
});
