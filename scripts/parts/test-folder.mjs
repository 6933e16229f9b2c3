import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { say } from './places.mjs';

const GIB = 1024 ** 3;
/** Tests write logs of a million lines and lists of ten thousand runs; what lies there takes memory. */
const MOST_GIB = 6;

/**
 * Where tests have their temporary folders: in memory, where this machine lets us and has enough of it. Most of what tests wait for is a
 * disk's word that a commit is safe from a cut of the power, and no test cuts the power: what a killed process has written is there
 * afterwards, in memory as on a disk. `env` is for the tests, `close` takes the folder away.
 */
export function openTestFolder() {
  const onDisk = { env: {}, close: () => undefined };
  if (process.platform !== 'linux' || totalmem() < 3 * MOST_GIB * GIB) return onDisk;
  // A short name: the path of a socket has at most 107 bytes.
  const folder = mkdtempSync(join(tmpdir(), 'aw-'));
  try {
    const options = `size=${MOST_GIB}g,mode=1777`;
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'aiworkflow-tests', folder], { stdio: 'pipe' });
  } catch {
    say('Temporary folders of tests lie on the disk: this user may mount no memory.');
    rmdirSync(folder);
    return onDisk;
  }
  let isOpen = true;
  const close = () => {
    if (!isOpen) return;
    isOpen = false;
    execFileSync('umount', ['-l', folder], { stdio: 'pipe' });
    rmdirSync(folder);
  };
  process.once('exit', close);
  return { env: { TMPDIR: folder }, close };
}
