import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig, type EnvironmentOptions, type ViteBuilder } from 'vite';

/**
 * `vite build --app` makes the whole product: `dist/client` (the page), `dist/node` (every Node entry, flat, so that an entry
 * finds the others beside itself whether it runs from source or from here) and in the same folder Electron's preload script.
 */
const root = fileURLToPath(new URL('.', import.meta.url));
const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Name of the file in `dist/node` -> source. An entry that does not exist is left out. */
const NODE_ENTRIES = {
  cli: 'src/cli/main.ts',
  'start-app': 'src/cli/start-app.ts',
  'detached-work': 'src/cli/detached-work.ts',
  'electron-main': 'src/main/electron-main.ts',
  'control-center-worker': 'src/server/hosting/control-center-worker.ts',
  'process-helper': 'src/core/processes/process-helper.ts',
  'module-host': 'src/core/tools/module/module-host.ts',
  'schema-thread': 'src/core/json-schema/schema-thread.ts',
  'backup-thread': 'src/core/storage/backup-thread.ts',
  'reader-thread': 'src/core/storage/reader/reader-thread.ts',
};

const present = (entries: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(entries)
      .map(([name, path]): [string, string] => [name, at(path)])
      .filter(([, path]) => existsSync(path)),
  );

const client: EnvironmentOptions = {
  build: {
    outDir: at('dist/client'),
    emptyOutDir: true,
    rolldownOptions: {
      input: present({ index: 'src/renderer/index.html' }),
      // What every page needs is one file: cut up by which screens share it, it was fifty, each with a request of its own.
      output: { codeSplitting: { groups: [{ name: 'app', tags: ['$initial'] }] } },
    },
  },
};

const node: EnvironmentOptions = {
  consumer: 'server',
  // Failpoints exist only when the sources run as they are (DESIGN §7).
  define: { 'process.env.AIWORKFLOW_FAILPOINT': 'undefined' },
  // Plain libraries go into the bundle: one file to load instead of hundreds, half the time of a start.
  resolve: { noExternal: true, external: ['electron', 'better-sqlite3', '@napi-rs/keyring', 'electron-updater'] },
  build: {
    ssr: true,
    target: 'node24',
    minify: false,
    copyPublicDir: false,
    outDir: at('dist/node'),
    emptyOutDir: true,
    rolldownOptions: {
      input: present(NODE_ENTRIES),
      output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunk-[name]-[hash].js' },
    },
  },
};

const preload: EnvironmentOptions = {
  consumer: 'server',
  // A sandboxed preload script has no `require` but for Electron: everything else goes into the one file.
  resolve: { external: ['electron'], noExternal: true },
  build: {
    ssr: true,
    target: 'node24',
    copyPublicDir: false,
    outDir: at('dist/node'),
    emptyOutDir: false,
    rolldownOptions: {
      input: present({ preload: 'src/preload/index.ts' }),
      output: { format: 'cjs', entryFileNames: '[name].cjs', codeSplitting: false },
    },
  },
};

/** One after the other: `node` empties the folder into which `preload` then writes. */
async function buildApp(builder: ViteBuilder): Promise<void> {
  for (const name of ['client', 'node', 'preload']) {
    const environment = builder.environments[name];
    const input = environment?.config.build.rolldownOptions.input;
    if (environment !== undefined && Object.keys(input ?? {}).length > 0) await builder.build(environment);
  }
}

export default defineConfig({
  root: at('src/renderer'),
  cacheDir: `${root}node_modules/.vite`,
  base: '/',
  publicDir: false,
  plugins: [react(), tailwindcss()],
  environments: { client, node, preload },
  builder: { buildApp },
});
