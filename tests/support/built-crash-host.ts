import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vite';
import { afterAll } from 'vitest';
import { REPOSITORY_DIR } from './paths.ts';

const CACHE = join(REPOSITORY_DIR, 'node_modules', '.cache');
mkdirSync(CACHE, { recursive: true });
const folder = mkdtempSync(join(CACHE, 'crash-host-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

// A kill test starts its host some hundred times: made into one file of this very source, failpoints included, it starts in half
// the time.
await build({
  configFile: false,
  root: REPOSITORY_DIR,
  logLevel: 'error',
  ssr: { noExternal: true, external: ['better-sqlite3', '@napi-rs/keyring'] },
  build: {
    target: 'node24',
    ssr: true,
    minify: false,
    outDir: folder,
    rolldownOptions: {
      input: {
        'crash-host': 'tests/support/crash-host.ts',
        'schedule-host': 'tests/support/schedule-host.ts',
        'library-host': 'tests/support/library-host.ts',
        'process-helper': 'src/core/processes/process-helper.ts',
      },
      output: { entryFileNames: '[name].js', chunkFileNames: 'chunk-[hash].js' },
    },
  },
});

/** `crash-host.ts` as one file; it goes when the test file is over. */
export const BUILT_CRASH_HOST = join(folder, 'crash-host.js');
/** `schedule-host.ts` as one file. */
export const BUILT_SCHEDULE_HOST = join(folder, 'schedule-host.js');
/** `library-host.ts` as one file. */
export const BUILT_LIBRARY_HOST = join(folder, 'library-host.js');
