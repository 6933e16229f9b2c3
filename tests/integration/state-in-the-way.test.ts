import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listLibrary, projectPaths } from '../../src/core/projects/index.ts';
import type { AppError } from '../../src/shared/errors.ts';
import { openCenter } from '../support/damage-lab.ts';
import { TESTER } from '../support/engine-harness.ts';
import { ownProject } from '../support/own-project.ts';
import { productEntry } from '../support/product-entry.ts';

let root: string;
let project: string;
let stateDir: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'aiw-in-the-way-'));
  project = join(root, 'project');
  stateDir = join(project, '.aiworkflow', 'state');
  const bundle = join(project, '.aiworkflow', 'bundles', 'one');
  mkdirSync(join(bundle, 'tools'), { recursive: true });
  ownProject(project, join(root, 'user'));
  writeFileSync(join(project, 'aiworkflow.yaml'), 'version: "1.0"\n');
  writeFileSync(join(bundle, 'tools', 'say.sh'), '#!/bin/sh\necho said\n', { mode: 0o755 });
  writeFileSync(
    join(bundle, 'workflow.md'),
    '---\nworkflow: {id: one, name: One}\n---\n## Step 1: Say\n```yaml\naction: say.run\n```\n',
  );
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** Opens the project and runs the workflow; gives the first error, of the opening, the start or the run. */
async function firstError(): Promise<
  AppError | { readonly code: string; readonly message: string; readonly hint?: string }
> {
  const center = await openCenter(project, true).catch((error: AppError) => error);
  if (center instanceof Error) return center;
  try {
    const started = await center.call('runs.start', { workflow: 'one' }, TESTER);
    if (!started.ok) return started.error;
    await center.drained();
    const result = await center.call('runs.get', started.value, TESTER);
    const run = (result as { value: { run: { error: AppError | null; status: string } } }).value.run;
    return run.error ?? { code: run.status, message: '' };
  } finally {
    await center.close();
  }
}

describe('a file stands where a folder of the state is needed', () => {
  it.each([
    ...[
      'helpers',
      'helpers/out',
      'workflow-state',
      'archives',
      'runs',
      'blobs',
      'staging',
      'removed',
      'drafts',
      'backups',
    ],
    ...['credentials', 'execution-logs'],
  ])('%s: a typed error that says what to do, never a bug', async (name) => {
    if (name.includes('/')) mkdirSync(join(stateDir, 'helpers'));
    writeFileSync(join(stateDir, name), 'in the way');
    const error = await firstError();
    expect(error).toMatchObject({ code: 'file.io', message: expect.stringContaining(name.split('/')[0] ?? '') });
    expect(error.hint).toBeTruthy();
  });

  it.each(['state', ''])('.aiworkflow/%s', async (name) => {
    rmSync(join(project, '.aiworkflow', name), { recursive: true });
    writeFileSync(join(project, '.aiworkflow', name), 'in the way');
    expect(await firstError()).toMatchObject({ code: 'file.io', hint: expect.any(String) });
  });

  it.each(['workflow-state/state.db', 'workflow-state/logs.db', 'lease.db'])('%s is a folder', async (name) => {
    mkdirSync(join(stateDir, name), { recursive: true });
    const error = await firstError();
    expect(error).toMatchObject({
      code: expect.stringMatching(/^(file\.io|store\.corrupt)$/),
      hint: expect.any(String),
    });
    expect(error.message).toContain(name.split('/').at(-1));
  });
});

if (process.platform === 'win32') console.log('skipped: Windows has no limit of open files to lower');
describe.skipIf(process.platform === 'win32')('limits of the system', () => {
  it.each([24, 30, 36, 44])('%d open files: a typed error or a run, never a bug', (files) => {
    const command = `ulimit -n ${files}; exec "$0" "$@"`;
    const { stdout, stderr } = spawnSync(
      'bash',
      ['-c', command, process.execPath, productEntry('cli'), '--json', '--project', project, 'run', 'one'],
      { encoding: 'utf8', env: { ...process.env, HOME: root, AIWORKFLOW_USER_DIR: join(root, 'user') } },
    );
    expect(stdout + stderr).not.toContain('internal.bug');
    expect(stdout + stderr).not.toContain('internal error');
  });

  it('a pipe among the workflows is passed over, not waited for', async () => {
    const paths = projectPaths(project);
    mkdirSync(paths.workflowsDir, { recursive: true });
    execFileSync('mkfifo', [join(paths.workflowsDir, 'pipe.md')]);
    expect((await listLibrary(paths)).map((item) => item.id)).toEqual(['one']);
  });
});
