import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { projectPaths } from './project-paths.ts';
import { readProjectConfig } from './read-project-config.ts';
import { writeSettings } from './write-setting.ts';

let project = '';
const writePrimary = (paths: ReturnType<typeof projectPaths>, value: string, env = {}): Promise<unknown> =>
  writeSettings(paths, { changes: { 'agent.primary': value }, env });
beforeEach(async () => {
  project = await mkdtemp(join(tmpdir(), 'aiw-primary-'));
});
afterEach(() => rm(project, { recursive: true, force: true }));

it('sets the primary and nothing else', async () => {
  const paths = projectPaths(project);
  const text = '# ours\nagent:\n  primary: demo # for now\n  fallback: ollama\nlogging: {level: debug}\n';
  await writeFile(paths.configFile, text);
  await writePrimary(paths, 'claude-code');
  expect(await readFile(paths.configFile, 'utf8')).toBe(text.replace('demo', 'claude-code'));
  const { config } = await readProjectConfig(project);
  expect(config.agent).toMatchObject({ primary: 'claude-code', isPrimaryWritten: true, fallback: 'ollama' });
});

it('makes the file where there is none', async () => {
  await writePrimary(projectPaths(project), 'ollama');
  expect((await readProjectConfig(project)).config.agent.primary).toBe('ollama');
});

it('does not write what the local file would override, and says where', async () => {
  const paths = projectPaths(project);
  await writeFile(paths.configFile, 'agent: {primary: demo}\n');
  await writeFile(paths.localConfigFile, 'agent: {primary: opencode}\n');
  await expect(writePrimary(paths, 'ollama')).rejects.toMatchObject({
    code: 'config.invalid',
    message: 'aiworkflow.local.yaml sets agent.primary to opencode on this machine.',
  });
  await expect(writePrimary(paths, 'ollama', { AIWORKFLOW_AGENT_PRIMARY: 'demo' })).rejects.toMatchObject({
    message: 'AIWORKFLOW_AGENT_PRIMARY sets agent.primary to demo on this machine.',
  });
  expect(await readFile(paths.configFile, 'utf8')).toBe('agent: {primary: demo}\n');
});

it('writes a number as one', async () => {
  const paths = projectPaths(project);
  await writeFile(paths.configFile, 'logging:\n  retention_days: 90 # a quarter\n');
  await writeSettings(paths, { changes: { 'logging.retention_days': 30 }, env: {} });
  expect(await readFile(paths.configFile, 'utf8')).toBe('logging:\n  retention_days: 30 # a quarter\n');
});

it('of two writers at once neither takes back what the other wrote', async () => {
  const paths = projectPaths(project);
  await Promise.all([
    writeSettings(paths, { changes: { 'logging.level': 'debug' }, env: {} }),
    writeSettings(paths, { changes: { 'queue.name': 'ours', 'agent.primary': 'ollama' }, env: {} }),
  ]);
  const { config } = await readProjectConfig(project);
  expect([config.logging.level, config.queue.name, config.agent.primary]).toEqual(['debug', 'ours', 'ollama']);
});

it('writes all or none', async () => {
  const paths = projectPaths(project);
  await writeFile(paths.configFile, 'logging: {level: debug}\n');
  const changes = { 'queue.name': 'ours', 'logging.level': 'loud' };
  await expect(writeSettings(paths, { changes, env: {} })).rejects.toMatchObject({ code: 'config.invalid' });
  expect(await readFile(paths.configFile, 'utf8')).toBe('logging: {level: debug}\n');
});

it('leaves a file that it cannot read as it is', async () => {
  const paths = projectPaths(project);
  await writeFile(paths.configFile, 'agent: [\n');
  await expect(writePrimary(paths, 'ollama')).rejects.toMatchObject({ code: 'config.invalid' });
  expect(await readFile(paths.configFile, 'utf8')).toBe('agent: [\n');
});
