import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppError } from '../../shared/errors.ts';

/** Where the parts of the installed product lie, whether it runs from source or from `dist/`. */
export interface AppFolders {
  readonly root: string;
  readonly clientDir: string;
  readonly examplesDir: string;
  readonly resourcesDir: string;
  readonly version: string;
}

/** Finds the product's own folder upwards from this file. Throws `internal.bug` when it has been taken apart. */
export function findAppFolders(): AppFolders {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const manifest = readManifest(join(folder, 'package.json'));
    if (manifest?.name === 'aiworkflow') {
      // What is copied, or handed to the system, lies beside the archive of an installed app (electron-builder.yml).
      const onDisk = folder.replace(/\.asar$/, '.asar.unpacked');
      return {
        root: folder,
        clientDir: join(folder, 'dist', 'client'),
        examplesDir: join(onDisk, 'examples'),
        resourcesDir: join(onDisk, 'resources'),
        version: manifest.version,
      };
    }
    if (dirname(folder) === folder) throw new AppError('internal.bug', 'The folder of the app was not found.');
  }
}

function readManifest(path: string): { readonly name: string; readonly version: string } | null {
  if (!existsSync(path)) return null;
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as { readonly name?: string; readonly version?: string };
  return { name: manifest.name ?? '', version: manifest.version ?? '0.0.0' };
}
