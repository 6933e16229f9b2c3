// `node tests/bench/cleanup.ts <folder that search.mjs has filled> [days]`: what a cleanup of that project says it would free, what it frees,
// and how many rows an hour go. The folder itself stays as it is.
import { copyFileSync, existsSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { LocalProject } from '../support/local-project.ts';

const [from = '', days = '20'] = process.argv.slice(2);
const FILES = ['state.db', 'logs.db', 'search.db', 'state.db-height', 'logs.db-height'];
const project = new LocalProject();
const folder = join(project.path, '.aiworkflow/state/workflow-state');
mkdirSync(folder, { recursive: true, mode: 0o700 });
for (const name of FILES) if (existsSync(join(from, name))) copyFileSync(join(from, name), join(folder, name));

const timed = async <T>(work: Promise<T>): Promise<{ readonly value: T; readonly seconds: number }> => {
  const beganAt = performance.now();
  const value = await work;
  return { value, seconds: (performance.now() - beganAt) / 1000 };
};
/** What the preview speaks of: SQLite's two files. */
const bytes = (): number => ['state.db', 'logs.db'].reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
/** Rows of the journal, of steps, of runs and of logs. */
const LINES = 10;
const ROWS_A_RUN = LINES + 2;

const plan = await timed(project.call('storage.plan', { days: Number(days) }));
const before = bytes();
const done = await timed(project.call('storage.cleanup', { days: Number(days), agrees: true }));
const freed = before - bytes();
const result = {
  runs: done.value.runs,
  plan_s: plan.seconds,
  cleanup_s: done.seconds,
  rows_an_hour: Math.round((done.value.runs * ROWS_A_RUN * 3600) / done.seconds),
  said_mb: plan.value.databaseBytes / 1e6,
  freed_mb: freed / 1e6,
  off_percent: (Math.abs(freed - plan.value.databaseBytes) / freed) * 100,
};
console.log(
  JSON.stringify(result, (_key, value: unknown) => (typeof value === 'number' ? Number(value.toFixed(2)) : value)),
);
await project.close();
