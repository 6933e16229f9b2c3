import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { TestOrder } from './tests/support/test-order.ts';

/** What Node compiled once. Most tests start the command line as a process of its own, and two thirds of its time went into that. */
const COMPILED = fileURLToPath(new URL('node_modules/.cache/compiled-by-node', import.meta.url));

const ALL = ['src/**/*.test.{ts,tsx}', 'tests/**/*.test.ts'];
const SHARING = ['src/{core,shared,cli}/**/*.test.ts'];

export default defineConfig({
  test: {
    environment: 'node',
    // These end what hangs. A machine with other work takes four times as long as a quiet one, and nothing is wrong then.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 60_000 } },
    pool: 'forks',
    // Twice the processors that CI has: more than half the time of a file that starts agents, kills or browsers is waiting.
    maxWorkers: 4,
    // Tests of one file that go on together: each has a process or more of its own.
    maxConcurrency: 3,
    env: { NODE_COMPILE_CACHE: COMPILED },
    sequence: { sequencer: TestOrder },
    projects: [
      { extends: true, test: { name: 'alone', include: ALL, exclude: ['**/node_modules/**', ...SHARING] } },
      // These share processes, so that what they import is read once. Screens and doors keep state in their modules, core has none.
      { extends: true, test: { name: 'shared', include: SHARING, isolate: false } },
    ],
  },
});
