import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { TestOrder } from './tests/support/test-order.ts';

/** What Node compiled once. Most tests start the command line as a process of its own, and two thirds of its time went into that. */
const COMPILED = fileURLToPath(new URL('node_modules/.cache/compiled-by-node', import.meta.url));

const ALL = ['src/**/*.test.{ts,tsx}', 'tests/**/*.test.ts'];
const NONE = ['**/node_modules/**'];
/**
 * These share processes, so that a process is begun, and what they import is read, once for many files. Whatever else starts browsers or
 * hosts for a whole file, or looks at the state that doors keep in their modules, has a process of its own for each file.
 */
const SHARING = [
  'src/{core,shared,cli,renderer}/**/*.test.{ts,tsx}',
  'tests/{arch,contract,field,fuzz,integration,security}/**/*.test.ts',
];
/** Files of these folders that change their process (its environment), or need modules that nobody has used. */
const OWN_PROCESS = [
  'src/renderer/**/*{store,stores,client,live-query}.test.ts',
  'src/renderer/features/triggers/triggers.test.ts',
  'tests/field/agents.test.ts',
  'tests/security/{agent-keys,contained-tools,containment,environment}.test.ts',
];

export default defineConfig({
  test: {
    environment: 'node',
    // These end what hangs. A machine with other work takes four times as long as a quiet one, and nothing is wrong then.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 60_000, interval: 100 } },
    pool: 'forks',
    // Twice the processors that CI has: more than half the time of a file that starts agents, kills or browsers is waiting.
    maxWorkers: 4,
    // Tests of one file that go on together: each has a process or more of its own.
    maxConcurrency: 3,
    env: { NODE_COMPILE_CACHE: COMPILED },
    sequence: { sequencer: TestOrder },
    projects: [
      { extends: true, test: { name: 'alone', include: ALL, exclude: [...NONE, ...SHARING] } },
      { extends: true, test: { name: 'own process', include: OWN_PROCESS, exclude: NONE } },
      { extends: true, test: { name: 'shared', include: SHARING, exclude: [...NONE, ...OWN_PROCESS], isolate: false } },
    ],
  },
});
