import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** What Node compiled once. Most tests start the command line as a process of its own, and two thirds of its time went into that. */
const COMPILED = fileURLToPath(new URL('node_modules/.cache/compiled-by-node', import.meta.url));

export default defineConfig({
  test: {
    environment: 'node',
    include: ['src/**/*.test.{ts,tsx}', 'tests/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    pool: 'forks',
    maxWorkers: 2,
    env: { NODE_COMPILE_CACHE: COMPILED },
  },
});
