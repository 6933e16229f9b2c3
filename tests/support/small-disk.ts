import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** A file system of its own, so small that a test can fill it. */
export interface SmallDisk {
  /** Takes every byte that is left. */
  fill(): void;
  free(): void;
  remove(): void;
}

/** Mounts one at `folder`. Gives the reason where this machine does not let us. */
export function mountSmallDisk(folder: string, sizeMb: number): SmallDisk | { readonly refused: string } {
  mkdirSync(folder, { recursive: true });
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${sizeMb}m`, 'tmpfs', folder], { stdio: 'pipe' });
  } catch (error) {
    return {
      refused: `no small file system can be mounted: ${String((error as { stderr?: unknown }).stderr ?? error)}`,
    };
  }
  const ballast = join(folder, 'ballast');
  const block = Buffer.alloc(4096, 1);
  return {
    fill: () => {
      const fd = openSync(ballast, 'w');
      try {
        while (statfsSync(folder).bfree > 0) writeSync(fd, block);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      } finally {
        closeSync(fd);
      }
    },
    free: () => rmSync(ballast),
    remove: () => {
      execFileSync('umount', ['-l', folder], { stdio: 'pipe' });
    },
  };
}
