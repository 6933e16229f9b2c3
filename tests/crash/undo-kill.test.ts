import { spawn } from 'node:child_process';
import { chmodSync, lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { BUILT_LIBRARY_HOST } from '../support/built-crash-host.ts';
import { bundleText } from '../support/gated-project.ts';
import { LocalProject } from '../support/local-project.ts';
import { waitUntil } from '../support/wait-until.ts';

/** SPEC §3.10: an undo of files that is killed anywhere leaves each file old or new, and is gone on with by whoever opens the project next. */
let project: LocalProject | null = null;
afterEach(async () => {
  await project?.close();
  project = null;
});

const EDIT = `#!/usr/bin/env bash
cd "$PLACE/src"
echo new > changed.txt; rm removed.txt; mkdir -p made; echo new > made/added.txt; chmod 755 mode.sh
ln -sfn changed.txt link; mv old-name.txt new-name.txt; : > empty.txt
echo '{}'
`;

const FILES = ['changed.txt', 'removed.txt', 'mode.sh', 'old-name.txt', 'empty.txt'];

/** A project in which a run has changed files; gives the run and what stood there before and after it. */
async function edited() {
  project = new LocalProject();
  for (const name of FILES) project.write(`src/${name}`, `old ${name}\n`);
  chmodSync(join(project.path, 'src/mode.sh'), 0o644);
  const folder = '.aiworkflow/bundles/edits';
  const steps = [['action: edit.run', 'workspace: [src]']];
  project.write(`${folder}/workflow.md`, bundleText('edits', { name: 'edits', steps }));
  project.write(`${folder}/config.yaml`, `name: edits\nenv: {PLACE: ${JSON.stringify(project.path)}}\n`);
  project.write(`${folder}/tools/edit.sh`, EDIT);
  const before = look(project.path);
  const runId = await project.run('edits');
  return { of: project, runId, before, after: look(project.path) };
}

/** What stands below `src`: mode and content by path. */
function look(root: string): Readonly<Record<string, string>> {
  const found: [string, string][] = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).map(
    (name) => {
      const path = join(root, 'src', name);
      const stats = lstatSync(path);
      if (stats.isDirectory()) return [name, 'folder'];
      if (stats.isSymbolicLink()) return [name, `link ${readlinkSync(path)}`];
      return [name, `${(stats.mode & 0o777).toString(8)} ${readFileSync(path, 'utf8')}`];
    },
  );
  return Object.fromEntries(found.sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** Undoes in a process of its own; gives whether it was killed. */
async function undo(of: LocalProject, asked: object, failpoint?: string): Promise<boolean> {
  await of.leave();
  const child = spawn(process.execPath, [BUILT_LIBRARY_HOST, of.path, JSON.stringify([['runs.undo', asked]])], {
    env: { ...process.env, ...(failpoint === undefined ? {} : { AIWORKFLOW_FAILPOINT: failpoint }) },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const [code, signal] = await new Promise<[number | null, string | null]>((resolve) =>
    child.once('close', (...ended) => resolve(ended)),
  );
  if (signal === null) expect(code).toBe(0);
  else expect([signal, failpoint === undefined]).toEqual(['SIGKILL', false]);
  return signal !== null;
}

const PLACES = [
  'undo.kept',
  'undo.begun',
  'undo.copied',
  'undo.synced',
  'undo.replaced',
  'undo.restored',
  'journal.beforeCommit',
];

describe.each(PLACES)('an undo that is killed at %s', (place) => {
  it('leaves each file old or new, is gone on with, leaves nothing beside the files, and can be taken back', async () => {
    for (let hit = 1; ; hit += 1) {
      const { of, runId, before, after } = await edited();
      const wasKilled = await undo(of, { runId }, `${place}:${hit}`);
      for (const [name, now] of Object.entries(look(of.path)))
        if (!name.endsWith('.tmp')) expect([before[name], after[name], 'folder']).toContain(now);
      // Whoever opens the project next goes on with it; one that had not begun is begun by whoever asks again.
      await of.reopen(true);
      const plan = () => of.call('runs.planUndo', { runId });
      await waitUntil('no undo is open', async () => (await plan()).undos.every(({ counts }) => counts !== null));
      if ((await plan()).undos.length === 0) await of.call('runs.undo', { runId });
      expect(look(of.path)).toEqual(before);
      const { undos, changes } = await plan();
      expect(undos).toMatchObject([{ name: 'undo-1', counts: { kept: 0, failed: 0 } }]);
      expect(new Set(changes.map(({ state }) => state))).toEqual(new Set(['undone']));
      // The undo of the undo brings all of it back.
      await of.call('runs.undo', { runId, undoes: 'undo-1' });
      expect(look(of.path)).toEqual(after);
      await of.close();
      project = null;
      if (!wasKilled) {
        expect(hit).toBeGreaterThan(1);
        return;
      }
    }
  });
});
