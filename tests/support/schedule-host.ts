/**
 * A control center that serves the schedules of a project in a process of its own, to be killed. Arguments: project folder, and `end` to
 * pause all schedules, wait until nothing of them is open, and go. Prints `ready` once all of them are armed, or why the project does
 * not open.
 */

import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { openControlCenter } from '../../src/core/control-center.ts';
import type { InputOf, OperationName, OutputOf } from '../../src/shared/contract/index.ts';
import { toErrorRecord } from '../../src/shared/errors.ts';
import { TESTER } from './engine-harness.ts';
import { ownProject } from './own-project.ts';

const [projectPath = '', wish = ''] = process.argv.slice(2);
ownProject(projectPath, join(projectPath, '..', 'user'));

const center = await openControlCenter({
  projectPath,
  door: 'browser',
  resumeOpenRuns: true,
  servesTriggers: true,
  examplesDir: '',
  resourcesDir: '',
  version: 'test',
  userDataDir: join(projectPath, '..', 'user'),
  home: projectPath,
}).catch((error: unknown) => {
  console.log(toErrorRecord(error).code);
  process.exit(0);
});

async function call<N extends OperationName>(name: N, input: InputOf<N>): Promise<OutputOf<N>> {
  const answer = await center.call(name, input, TESTER);
  if (!answer.ok) throw new Error(`${name}: ${answer.error.code} ${answer.error.message}`);
  return answer.value as OutputOf<N>;
}

if (wish === 'end') await call('triggers.pauseAll', { reason: 'The test is over.' });
const { triggers } = await call('triggers.list', { kind: 'schedule' });
for (const { key, status } of triggers) {
  if (status !== 'not_armed') continue;
  const { definitionHash, contentHash } = await call('triggers.get', { trigger: key });
  await call('triggers.arm', { trigger: key, definitionHash, contentHash: contentHash ?? '' });
}
console.log('ready');
if (wish === 'end') {
  const isAnyOpen = async (): Promise<boolean> =>
    (await call('occurrences.list', { states: ['planned', 'claimed'], limit: 1 })).occurrences.length > 0 ||
    (await call('runs.list', { status: ['pending', 'running'], limit: 1 })).runs.length > 0;
  while (await isAnyOpen()) await delay(20);
  await center.close();
}
