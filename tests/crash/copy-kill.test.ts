import { spawn } from 'node:child_process';
import { chmodSync, existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BUILT_LIBRARY_HOST } from '../support/built-crash-host.ts';
import { bundleText } from '../support/gated-project.ts';
import { LocalProject } from '../support/local-project.ts';
import { waitUntil } from '../support/wait-until.ts';

/** `workspace: {copy: true}`: killed anywhere, a copy is whole or made anew, and what is taken over is gone on with; each file is old or new. */
let project: LocalProject;
let before: Readonly<Record<string, string>>;
const EDIT = `#!/usr/bin/env bash
cd src && echo new > changed.txt && rm removed.txt && mkdir -p made && echo new > made/added.txt && chmod 755 mode.sh && echo '{}'
`;
const AFTER = { 'changed.txt': '644 new\n', made: 'folder', 'made/added.txt': '644 new\n', 'mode.sh': '755 old\n' };

beforeAll(async () => {
  project = new LocalProject();
  for (const name of ['changed.txt', 'removed.txt', 'mode.sh']) project.write(`src/${name}`, 'old\n');
  chmodSync(join(project.path, 'src/mode.sh'), 0o644);
  const folder = '.aiworkflow/bundles/edits';
  const frontmatter = ['workspace: {copy: true, paths: [src]}'];
  project.write(
    `${folder}/workflow.md`,
    bundleText('edits', { name: 'edits', steps: [['action: edit.run', 'idempotent: true']], frontmatter }),
  );
  project.write(`${folder}/tools/edit.sh`, EDIT);
  before = look();
});
afterAll(() => project.close());

/** What stands below `src`: mode and content by path. */
function look(): Readonly<Record<string, string>> {
  const root = join(project.path, 'src');
  const found = readdirSync(root, { recursive: true, encoding: 'utf8' }).map((name): [string, string] => {
    const stats = lstatSync(join(root, name));
    if (stats.isDirectory()) return [name, 'folder'];
    return [name, `${(stats.mode & 0o777).toString(8)} ${readFileSync(join(root, name), 'utf8')}`];
  });
  return Object.fromEntries(found.sort(([one], [other]) => (one < other ? -1 : 1)));
}

const copies = (): readonly string[] => {
  const folder = join(project.path, '.aiworkflow/state/snapshots/copies');
  return existsSync(folder) ? readdirSync(folder) : [];
};

/** Does it in a process of its own, which is killed there. */
async function killedAt(failpoint: string, call: readonly [string, object]): Promise<void> {
  await project.leave();
  const child = spawn(process.execPath, [BUILT_LIBRARY_HOST, project.path, JSON.stringify([call])], {
    env: { ...process.env, AIWORKFLOW_FAILPOINT: failpoint },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const signal = await new Promise<string | null>((resolve) => child.once('close', (_code, how) => resolve(how)));
  expect(signal).toBe('SIGKILL');
  await project.reopen(true);
}

async function offered(runId: string): Promise<{ readonly id: string; readonly hash: string }> {
  const plan = () => project.call('runs.planTake', { runId });
  await waitUntil('people are asked', async () => (await plan()).approvalId !== null);
  const { approvalId, hash } = await plan();
  return { id: approvalId ?? '', hash: hash ?? '' };
}

describe.each(['copy.begun', 'copy.file:2', 'copy.git', 'copy.made'])('a copy that is killed at %s', (place) => {
  it('is made anew before a step begins; the run goes on in it, and the project is as it was', async () => {
    await killedAt(place, ['runs.start', { workflow: 'edits', inputs: {} }]);
    const [run] = (await project.call('runs.list', { limit: 1 })).runs;
    const runId = run?.runId ?? '';
    const request = await offered(runId);
    expect((await project.call('runs.get', { runId })).run.status).toBe('completed');
    expect(look()).toEqual(before);
    expect([...copies()].sort()).toEqual([runId, `${runId}.bytes`]);
    await project.call('approvals.reject', { ...request, reason: 'no' });
    expect(copies()).toEqual([]);
  });
});

const TAKING = ['kept', 'begun', 'copied:2', 'synced', 'replaced:2', 'restored', 'ended'];
describe.each(TAKING)('taking over that is killed at %s', (place) => {
  it('leaves each file old or new, is gone on with once, leaves nothing beside the files, and can be undone', async () => {
    const runId = await project.run('edits');
    const request = await offered(runId);
    await killedAt(`take.${place}`, ['approvals.approve', request]);
    await waitUntil('it is taken over', async () => {
      const { status } = await project.call('runs.planTake', { runId });
      return status === 'taken' && copies().length === 0;
    });
    expect(look()).toEqual(AFTER);
    expect(await project.call('approvals.get', { id: request.id })).toMatchObject({ status: 'approved' });
    const { undos } = await project.call('runs.planUndo', { runId });
    expect(undos).toEqual([]);
    await project.call('runs.undo', { runId });
    expect(look()).toEqual(before);
  });
});
