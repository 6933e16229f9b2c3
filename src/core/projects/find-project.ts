import { realpath, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { AppError } from '../../shared/errors.ts';
import { refuseSystemFolder } from '../files/index.ts';

/** Where a project is looked for besides the folder itself. */
export interface FindProjectOptions {
  /** `--project DIR`: this folder and no other. */
  readonly explicit?: string | undefined;
  /** The user's home folder; `~/AIWorkflow` is the project of last resort. */
  readonly home: string;
}

export interface FoundProject {
  /** Absolute real path; for a fresh default project the path that it will have. */
  readonly path: string;
  /** True: nothing is there yet, `initProject` must make it before use. */
  readonly isFresh: boolean;
}

async function isProject(folder: string): Promise<boolean> {
  const config = await stat(join(folder, 'aiworkflow.yaml')).catch(() => null);
  if (config?.isFile()) return true;
  const root = await stat(join(folder, '.aiworkflow')).catch(() => null);
  return root?.isDirectory() ?? false;
}

const isPlain = (folder: string): Promise<boolean> =>
  refuseSystemFolder(folder).then(
    () => true,
    () => false,
  );

async function realOr(path: string): Promise<string> {
  return realpath(path).catch(() => path);
}

/**
 * The project of a caller (DESIGN decision 1): `explicit`, else the nearest folder upwards from `start` that holds
 * `aiworkflow.yaml` or `.aiworkflow`, else `~/AIWorkflow`. Makes nothing. Errors: `project.not_found` when the explicit
 * folder does not exist, `file.outside` for one of the system's (`/proc`).
 */
export async function findProject(start: string, options: FindProjectOptions): Promise<FoundProject> {
  if (options.explicit !== undefined) {
    const path = resolve(start, options.explicit);
    await refuseSystemFolder(path);
    const found = await stat(path).catch(() => null);
    if (!found?.isDirectory()) {
      throw new AppError('project.not_found', `Project folder not found: ${options.explicit}`, {
        hint: `Make the folder, then run 'aiworkflow init' in it.`,
      });
    }
    return { path: await realOr(path), isFresh: !(await isProject(path)) };
  }
  for (let folder = await realOr(resolve(start)); ; folder = dirname(folder)) {
    if ((await isProject(folder)) && (await isPlain(folder))) return { path: folder, isFresh: false };
    if (dirname(folder) === folder) break;
  }
  const fallback = await realOr(join(options.home, 'AIWorkflow'));
  await refuseSystemFolder(fallback);
  return { path: fallback, isFresh: !(await isProject(fallback)) };
}
