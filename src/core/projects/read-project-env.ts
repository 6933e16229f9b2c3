import { join } from 'node:path';
import { AppError } from '../../shared/errors.ts';
import type { Diagnostic } from '../../shared/model/diagnostic.ts';
import { readEnvFile } from '../bundles/index.ts';
import { type ProjectPaths, showPath } from './project-paths.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** Variables for what a project reaches, and `.env` files that could not be read. */
export interface ProjectEnv {
  readonly env: Env;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * The environment of this process over the `.env` files of the user's folder, the project and `.aiworkflow`, of which the later win
 * (SPEC §14); a bundle's own file comes on top where its scripts run. The process's environment itself is not changed.
 */
export async function readProjectEnv(paths: ProjectPaths, userDir: string, host: Env): Promise<ProjectEnv> {
  const diagnostics: Diagnostic[] = [];
  const read: Env[] = [];
  for (const folder of [userDir, paths.project, paths.root]) {
    const path = join(folder, '.env');
    try {
      read.push(await readEnvFile(path));
    } catch (thrown) {
      if (!(thrown instanceof AppError)) throw thrown;
      const { message, hint } = thrown;
      const fix = hint === undefined ? {} : { fix: hint };
      diagnostics.push({ severity: 'error', code: 'config.invalid', message, file: showPath(paths, path), ...fix });
    }
  }
  return { env: Object.assign({}, ...read, host) as Env, diagnostics };
}
