import Database from 'better-sqlite3';
import { afterEach, expect, it, vi } from 'vitest';
import { projectPaths } from '../../src/core/projects/index.ts';
import { LocalProject } from '../support/local-project.ts';

/** What is done at each failpoint of the source, in this process. */
const { at } = vi.hoisted(() => ({ at: { failpoint: (_name: string): void => undefined } }));
vi.mock('../../src/core/storage/failpoint.ts', () => ({ failpoint: (name: string) => at.failpoint(name) }));

/** SPEC §3.9, §8: who asks a run to be done again in the instant of its end is heard, wherever the commit of that end stands. */
let project: LocalProject;
afterEach(async () => {
  at.failpoint = () => undefined;
  await project.close();
});

interface Asked {
  readonly failpoint: string;
  /** What the store said of the run at that instant. */
  readonly stored: string;
  readonly answer: Promise<string>;
}

/** Fails the first time that it is done for an id, and is there the second time. */
function openFlaky(): void {
  project = new LocalProject();
  const tries = project.write('tries.txt', '');
  const head = '---\nworkflow: {id: flaky, name: Flaky}\ninputs: {id: {type: string, required: true}}\n---\n';
  const step = 'action: probe.run\ninputs: {say: "{{ inputs.id }}"}\nidempotent: true\nretry: {max_retries: 0}';
  project.write('.aiworkflow/bundles/flaky/workflow.md', `${head}\n## Step 1: Try\n\n\`\`\`yaml\n${step}\n\`\`\`\n`);
  project.write(
    '.aiworkflow/bundles/flaky/tools/probe.sh',
    `#!/usr/bin/env bash\necho "$1" >> ${tries}\n[ "$(grep -cxe "$1" ${tries})" -ge 2 ]\n`,
  );
}

/** Starts a run and asks once, at the failpoint of this number after its start; null = there are not so many. */
async function askAt(db: Database.Database, number: number, operation: 'runs.resume' | 'runs.retry') {
  let hits = 0;
  let asked: Asked | null = null;
  const { runId } = await project.call('runs.start', { workflow: 'flaky', inputs: { id: `${operation}-${number}` } });
  at.failpoint = (failpoint) => {
    hits += 1;
    if (hits !== number) return;
    const { status } = db.prepare('SELECT status FROM runs WHERE run_id = ?').get(runId) as { status: string };
    const answer = project.call(operation, { runId }).then(
      (given) => given.runId,
      (error: { readonly code?: string }) => error.code ?? String(error),
    );
    asked = { failpoint, stored: status, answer };
  };
  await project.settled();
  at.failpoint = () => undefined;
  return { runId, asked: asked as Asked | null };
}

const statusOf = async (runId: string): Promise<string> => (await project.call('runs.get', { runId })).run.status;

it.each(['runs.resume', 'runs.retry'] as const)('%s at each failpoint of the end of a run runs', async (operation) => {
  openFlaky();
  await project.center();
  const db = new Database(projectPaths(project.path).storeFile, { readonly: true });
  const heard: string[] = [];
  for (let number = 1; ; number += 1) {
    const { runId, asked } = await askAt(db, number, operation);
    if (asked === null) break;
    const answer = await asked.answer;
    await project.settled();
    heard.push(`${asked.failpoint} ${asked.stored}: ${answer === 'run.illegal_state' ? answer : 'heard'}`);
    const again = answer === 'run.illegal_state' ? (await project.call(operation, { runId })).runId : answer;
    await project.settled();
    expect([number, await statusOf(again)]).toEqual([number, 'completed']);
  }
  db.close();
  // Before that the step may still be at work: then it is refused, and heard when it is asked again.
  expect(heard).toEqual(
    expect.arrayContaining(['journal.beforeCommit running: heard', 'journal.afterCommit failed: heard']),
  );
});
