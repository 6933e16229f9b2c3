import { join } from 'node:path';
import { REPOSITORY_DIR } from './paths.ts';

/** Each program of the product: its source and its name in `dist/node`. */
const ENTRIES = {
  cli: ['src/cli/main.ts', 'cli.js'],
  desktop: ['src/main/electron-main.ts', 'electron-main.js'],
} as const;

/**
 * The script of a program of the product, for a process of its own. `npm test` has just built it and says so: the build starts in a
 * third of the time. Otherwise it is the source, so that a file that is run by hand never meets a stale build. `appRoot` = a
 * copy of the product, which has no build. Failpoints exist only in the source.
 */
export function productEntry(program: keyof typeof ENTRIES, appRoot?: string): string {
  const [source, built] = ENTRIES[program];
  const isBuilt = appRoot === undefined && process.env.AIWORKFLOW_TESTS_OF_BUILD === '1';
  return isBuilt ? join(REPOSITORY_DIR, 'dist', 'node', built) : join(appRoot ?? REPOSITORY_DIR, source);
}
