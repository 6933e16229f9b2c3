import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vite';
import { REPOSITORY_DIR } from './paths.ts';

const CACHE = join(REPOSITORY_DIR, 'node_modules', '.cache', 'crash-hosts');
const DAY_MS = 24 * 3_600_000;
/** What the hosts are made of. */
const SOURCES = ['package-lock.json', 'src', 'tests/support'];

/** Content of all that the hosts are made of, as one hash. */
function sourceHash(): string {
  const hash = createHash('sha256');
  const add = (path: string): void => void hash.update(path).update(readFileSync(join(REPOSITORY_DIR, path)));
  for (const source of SOURCES) {
    if (source.includes('.')) add(source);
    else
      for (const entry of readdirSync(join(REPOSITORY_DIR, source), { recursive: true, encoding: 'utf8' }).sort())
        if (/\.[cm]?[jt]sx?$/.test(entry)) add(join(source, entry));
  }
  return hash.digest('hex').slice(0, 16);
}

/** Where the hosts of this very source are; they are built once for all test files, whichever comes first. */
async function builtHosts(): Promise<string> {
  mkdirSync(CACHE, { recursive: true });
  const folder = join(CACHE, sourceHash());
  if (existsSync(folder)) return folder;
  for (const name of readdirSync(CACHE))
    if (Date.now() - statSync(join(CACHE, name)).mtimeMs > DAY_MS)
      rmSync(join(CACHE, name), { recursive: true, force: true });
  const made = mkdtempSync(join(CACHE, 'made-'));
  await buildInto(made);
  try {
    renameSync(made, folder);
  } catch (error) {
    // Another test file was first.
    rmSync(made, { recursive: true });
    if (!existsSync(folder)) throw error;
  }
  return folder;
}

// A kill test starts its host some hundred times: made into one file of this very source, failpoints included, it starts in half
// the time.
async function buildInto(outDir: string): Promise<void> {
  await build({
    configFile: false,
    root: REPOSITORY_DIR,
    logLevel: 'error',
    ssr: { noExternal: true, external: ['better-sqlite3', '@napi-rs/keyring', 'fastify', 'ws'] },
    build: {
      target: 'node24',
      ssr: true,
      minify: false,
      outDir,
      rolldownOptions: {
        input: {
          'crash-host': 'tests/support/crash-host.ts',
          'schedule-host': 'tests/support/schedule-host.ts',
          'library-host': 'tests/support/library-host.ts',
          'webhook-host': 'tests/support/webhook-host.ts',
          'control-center-worker': 'src/server/hosting/control-center-worker.ts',
          'process-helper': 'src/core/processes/process-helper.ts',
        },
        output: { entryFileNames: '[name].js', chunkFileNames: 'chunk-[hash].js' },
      },
    },
  });
}

const folder = await builtHosts();
/** `crash-host.ts` as one file. */
export const BUILT_CRASH_HOST = join(folder, 'crash-host.js');
/** `schedule-host.ts` as one file. */
export const BUILT_SCHEDULE_HOST = join(folder, 'schedule-host.js');
/** `library-host.ts` as one file. */
export const BUILT_LIBRARY_HOST = join(folder, 'library-host.js');
/** `webhook-host.ts` as one file, its worker beside it. */
export const BUILT_WEBHOOK_HOST = join(folder, 'webhook-host.js');
