import { defineConfig } from 'vite';

/** Bundles what the benches drive into `tests/bench/.build`, failpoints out as in the product. */
export default defineConfig({
  define: { 'process.env.AIWORKFLOW_FAILPOINT': 'undefined' },
  // As in the product: plain libraries go into the bundle, native ones stay outside.
  ssr: { noExternal: true, external: ['better-sqlite3', '@napi-rs/keyring'] },
  build: {
    target: 'node24',
    ssr: true,
    minify: false,
    emptyOutDir: true,
    outDir: 'tests/bench/.build',
    rollupOptions: {
      input: {
        engine: 'tests/bench/engine-entry.ts',
        center: 'tests/bench/center-entry.ts',
        'schedule-day': 'tests/bench/schedule-day-entry.ts',
        schedules: 'tests/bench/schedules-entry.ts',
        'webhook-host': 'tests/bench/webhook-entry.ts',
        'control-center-worker': 'src/server/hosting/control-center-worker.ts',
        watch: 'tests/bench/watch-entry.ts',
        'process-helper': 'src/core/processes/process-helper.ts',
        'reader-thread': 'src/core/storage/reader/reader-thread.ts',
      },
      output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
    },
  },
});
