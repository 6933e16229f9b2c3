/**
 * The headless host in a process of its own, to be killed: listener in its thread, control center in the worker. Arguments: project folder
 * and the trigger that is armed when it is not, '' = none. Prints the URL once it listens; ends well when stdin ends.
 */
import { join } from 'node:path';
import { startHeadlessHost } from '../../src/server/headless-host.ts';
import type { OutputOf } from '../../src/shared/contract/index.ts';
import { TESTER } from './engine-harness.ts';
import { ownProject } from './own-project.ts';

const [projectPath = '', trigger = ''] = process.argv.slice(2);
ownProject(projectPath, join(projectPath, '..', 'user'));
const host = await startHeadlessHost({
  projectPath,
  examplesDir: '',
  resourcesDir: '',
  version: 'test',
  userDataDir: join(projectPath, '..', 'user'),
  home: projectPath,
});

async function call<T>(name: string, input: unknown): Promise<T> {
  const answer = await host.call(name, input, TESTER);
  if (!answer.ok) throw new Error(`${name}: ${answer.error.code} ${answer.error.message}`);
  return answer.value as T;
}

/** Arms the trigger and listens for it; gives the URL. */
async function listen(): Promise<string> {
  const { status, definitionHash, contentHash } = await call<OutputOf<'triggers.get'>>('triggers.get', { trigger });
  if (status !== 'armed') await call('triggers.arm', { trigger, definitionHash, contentHash });
  const { listening } = await call<OutputOf<'webhooks.listen'>>('webhooks.listen', { port: 0 });
  return listening?.kind === 'listening' ? listening.url : JSON.stringify(listening);
}

console.log(trigger === '' ? 'serving' : await listen());
process.stdin.on('end', () => void host.close().then(() => process.exit(0)));
process.stdin.resume();
