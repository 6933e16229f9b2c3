import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SnapshotStore } from '../../src/core/snapshots/index.ts';
import { bundleText } from '../support/gated-project.ts';
import { LocalProject } from '../support/local-project.ts';

/**
 * `<share> …`: the first process does all of it. Undo of 5,000 edits in a tree of 2 GB (`AIWORKFLOW_PROOF_MB` = another size): what is kept stays within the
 * quota as the disk counts it, nothing is left of what was killed, cleaning needs less than a tenth beyond it, and all of it is put back.
 */
const MB = Number(process.env.AIWORKFLOW_PROOF_MB ?? 2_000);
const EDITS = 5_000;
const LARGE_MB = 4;
const QUOTA = Math.ceil(MB * 1.1 + 100) * 1024 * 1024;

if (process.argv[2] !== '0') {
  console.log('[]');
  process.exit(0);
}
const wrong: string[] = [];
const must = (isSo: boolean, text: string): void => {
  if (!isSo) wrong.push(text);
};
/** Bytes of the disk, as `du` counts them. */
const onDisk = (folder: string): number =>
  existsSync(folder) ? Number(execFileSync('du', ['-s', '-B1', folder], { encoding: 'utf8' }).split('\t')[0]) : 0;

const project = new LocalProject([`retention: {undo_mib: ${QUOTA / 1024 / 1024}}`]);
const kept = join(project.path, '.aiworkflow/state/snapshots');
const block = Buffer.alloc(LARGE_MB * 1024 * 1024, 'x');
project.write('data/begin.txt', '');
for (let at = 0; at < MB / LARGE_MB; at += 1) {
  block.writeUInt32LE(at, 0);
  writeFileSync(join(project.path, 'data', `large-${at}.bin`), block);
}
for (let at = 0; at < EDITS; at += 1) writeFileSync(join(project.path, 'data', `f${at}.txt`), `${at}\n`);
const folder = '.aiworkflow/bundles/edits';
const steps = [['action: edit.run', 'workspace: [data]']];
project.write(`${folder}/workflow.md`, bundleText('edits', { name: 'edits', steps }));
project.write(`${folder}/config.yaml`, `name: edits\nenv: {PLACE: ${JSON.stringify(project.path)}}\n`);
project.write(
  `${folder}/tools/edit.sh`,
  '#!/usr/bin/env bash\ncd "$PLACE/data" && for f in f*.txt; do echo more >> $f; done && echo "{}"\n',
);

const took = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
  const startedAt = performance.now();
  const result = await work();
  console.error(
    `  ${what}: ${((performance.now() - startedAt) / 1000).toFixed(1)} s, on disk ${Math.round(onDisk(kept) / 1024 / 1024)} MiB`,
  );
  return result;
};

const runId = await took('run with what was taken down before and after it', () => project.run('edits'));
const { changes, gaps } = await project.call('runs.planUndo', { runId });
must(
  changes.length === EDITS && gaps.length === 0,
  `${changes.length} of ${EDITS} edits are undoable, ${gaps.length} gaps`,
);
must(onDisk(kept) <= QUOTA * 1.02, `the disk gives ${onDisk(kept)}, the quota is ${QUOTA}`);
const startedAt = performance.now();
const { restored, failed } = await took('5,000 files put back', () => project.call('runs.undo', { runId }));
const rate = Math.round(restored / ((performance.now() - startedAt) / 1000));
must(restored === EDITS && failed === 0, `${restored} of ${EDITS} put back, ${failed} failed`);
must(readFileSync(join(project.path, 'data/f4999.txt'), 'utf8') === '4999\n', 'a file is not as it was');
must(onDisk(kept) <= QUOTA * 1.02, `the disk gives ${onDisk(kept)} after the undo, the quota is ${QUOTA}`);
await project.leave();

// What a kill in the middle of taking down leaves: contents that no tree names, and the mark that says so.
const store = new SnapshotStore({ folder: kept, quota: QUOTA });
const before = await store.used();
for (let at = 0; at < 200; at += 1) {
  const name = at.toString(16).padStart(2, '0').repeat(32).slice(0, 64);
  execFileSync('mkdir', ['-p', join(kept, 'objects', name.slice(0, 2))]);
  writeFileSync(join(kept, 'objects', name.slice(0, 2), name), `left ${at}`);
}
writeFileSync(join(kept, 'open'), '');
// Cleaning, watched: the most that it takes beyond what was there.
let most = 0;
const atStart = onDisk(kept);
const watch = setInterval(() => {
  most = Math.max(most, onDisk(kept) - atStart);
}, 1_000);
const next = new SnapshotStore({ folder: kept, quota: QUOTA });
await took('cleaning after a kill', () =>
  next.take({ runId, project: project.path, patterns: ['data/begin.txt'], runFolder: join(project.path, 'none') }),
);
clearInterval(watch);
const left = readdirSync(join(kept, 'objects')).flatMap((part) =>
  readdirSync(join(kept, 'objects', part)).filter(
    (name) =>
      statSync(join(kept, 'objects', part, name)).size < 12 &&
      readFileSync(join(kept, 'objects', part, name), 'utf8').startsWith('left '),
  ),
);
must(left.length === 0, `${left.length} contents of a kill are left`);
must(most < atStart * 0.1, `cleaning took ${most} beyond ${atStart}`);
must(Math.abs((await next.used()) - before) < 64 * 1024, 'what is used is not what it was');
await next.forget(runId);
must((await next.used()) === 0, 'something is kept of a run that is forgotten');
const rows = [
  {
    what: `edits in ${MB} MB put back, ${rate} files a second; cleaning took ${Math.round(most / 1024)} KiB beyond it`,
    looked: EDITS,
    unit: 'files',
    wrong,
  },
];
console.log(JSON.stringify(rows));
await project.close();
