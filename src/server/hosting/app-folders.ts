import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CommandLine } from '../../core/wake/index.ts';
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

/** How this product's command line is started by the system; null = an AppImage, which lies elsewhere at each start. */
export function commandLineOf(
  { root }: Pick<AppFolders, 'root'>,
  environment: Readonly<Record<string, string | undefined>>,
): CommandLine | null {
  if (environment.APPIMAGE) return null;
  return {
    program: process.execPath,
    args: [join(root, 'dist', 'node', 'cli.js')],
    // Electron's own program is Node then (docs/adr/0005).
    environment: process.versions.electron === undefined ? {} : { ELECTRON_RUN_AS_NODE: '1' },
  };
}

function readManifest(path: string): { readonly name: string; readonly version: string } | null {
  if (!existsSync(path)) return null;
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as { readonly name?: string; readonly version?: string };
  return { name: manifest.name ?? '', version: manifest.version ?? '0.0.0' };
}
