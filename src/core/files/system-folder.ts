import { realpath, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AppError } from '../../shared/errors.ts';
import { isInside } from './paths.ts';

/** File systems that show the kernel and keep nothing: proc, sysfs, cgroups, debugfs, tracefs, securityfs, devpts, bpf, mqueue, configfs. */
const KERNEL_TYPES = new Set([
  0x9fa0, 0x62656572, 0x27e0eb, 0x63677270, 0x64626720, 0x74726163, 0x73636673, 0x1cd1, 0xcafe4a11, 0x19800202,
  0x62656570,
]);
const KERNEL_PLACES = ['/proc', '/sys', '/dev'];
/** Memory that is used like a disk. */
const PLAIN_PLACES = ['/dev/shm'];

async function nearestReal(path: string): Promise<string> {
  const real = await realpath(path).catch(() => null);
  if (real !== null) return real;
  return dirname(path) === path ? path : nearestReal(dirname(path));
}

/**
 * Refuses a folder of the system's kernel (`/proc`, `/sys`, `/dev`): it has no end, opening its files can block for ever, and making a
 * folder in it never returns. What does not exist is judged by the folder above it. Error: `file.outside`.
 */
export async function refuseSystemFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const real = await nearestReal(path);
  const isNamed =
    KERNEL_PLACES.some((place) => isInside(place, real)) && !PLAIN_PLACES.some((place) => isInside(place, real));
  const type = isNamed
    ? 0
    : await statfs(real).then(
        (found) => found.type,
        () => 0,
      );
  if (!isNamed && !KERNEL_TYPES.has(type)) return;
  throw new AppError('file.outside', `This folder belongs to the system and keeps no files: ${path}`, {
    hint: 'Name a folder on a disk.',
  });
}
