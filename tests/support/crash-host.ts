/**
 * A control center in a process of its own, to be killed. Arguments: project folder, number of runs to start (0 = only recover), and of
 * which workflows so many are started each.
 * Prints `ready`, then one JSON line with the status of every run once all of them rest, and stays until stdin ends.
 */
import { join } from 'node:path';
import { openControlCenter } from '../../src/core/control-center.ts';
import type { RunSummary } from '../../src/shared/model/run.ts';
import { TESTER } from './engine-harness.ts';
import { ownProject } from './own-project.ts';

const [projectPath = '', wanted = '0', workflows = 'traces'] = process.argv.slice(2);
ownProject(projectPath, join(projectPath, '..', 'user'));

const center = await openControlCenter({
  projectPath,
  door: 'browser',
  resumeOpenRuns: true,
  examplesDir: '',
  resourcesDir: '',
  version: 'test',
  userDataDir: join(projectPath, '..', 'user'),
  home: projectPath,
});

async function call(name: string, input: unknown): Promise<unknown> {
  const answer = await center.call(name, input, TESTER);
  if (!answer.ok) throw new Error(`${name}: ${answer.error.code} ${answer.error.message}`);
  return answer.value;
}

const listRuns = async (): Promise<readonly RunSummary[]> =>
  ((await call('runs.list', { limit: 1000 })) as { runs: RunSummary[] }).runs;

console.log('ready');
for (const workflow of workflows.split(','))
  await Promise.all(Array.from({ length: Number(wanted) }, () => call('runs.start', { workflow })));
console.log('started');

const isOpen = ({ status, waitsFor }: RunSummary): boolean =>
  status === 'pending' || status === 'running' || (status === 'waiting' && waitsFor !== 'approval');
const { promise: done, resolve: rest } = Promise.withResolvers<void>();
const check = async (): Promise<void> => {
  if (!(await listRuns()).some(isOpen)) rest();
};
const stop = center.subscribe(() => void check());
void check();
await done;
stop();
console.log(
  JSON.stringify(
    (await listRuns()).map(({ runId, status, outcome, currentStep }) => ({ runId, status, outcome, currentStep })),
  ),
);
await center.close();
