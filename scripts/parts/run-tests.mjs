import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isBuilt } from './build.mjs';
import { at, readJsonOrNull, say } from './places.mjs';
import { runVitest } from './run-vitest.mjs';
import { openTestFolder } from './test-folder.mjs';

/** Where real browsers, kills and agents run: only there may a failure be the machine's. */
const MAY_BE_UNSTEADY = /^tests\/(e2e|crash|live)\//;
const SLOWEST = 15;

/**
 * Runs Vitest in the foreground with these arguments. A file of `tests/e2e`, `tests/crash` or `tests/live` that failed is run once
 * more, alone; one that then passes is named under `unsteady:` with its first error, for whoever comes next to mend. Any other
 * failure stands. Prints the slowest files and the counts; resolves with an exit code.
 */
export async function runTests(args) {
  const first = await runRecorded(args);
  if (first.record === null) return first.code;
  const failed = failedFiles(first.record);
  const second = await runAlone(filesToTryAgain(first.record));
  const files = first.record.files.map((file) => second.find(({ path }) => path === file.path) ?? file);
  sayTimes(files);
  sayUnsteady(failed.filter(({ path }) => second.some((file) => file.path === path && file.hasPassed)));
  sayCounts(files);
  if (first.code === 0) return 0;
  return second.length > 0 && second.every((file) => file.hasPassed) ? 0 : 1;
}

const failedFiles = (record) => record.files.filter((file) => !file.hasPassed);

/**
 * The failed files of a run, when a second try may save it: nothing failed but what real browsers, kills and agents can disturb. An
 * error that nobody caught counts as a failure of the file during which it came; one that came during none (a stray one) stands.
 */
export function filesToTryAgain(record) {
  const failed = failedFiles(record);
  const canBeSaved = record.strayErrors === 0 && failed.every(({ path }) => MAY_BE_UNSTEADY.test(path));
  return canBeSaved ? failed : [];
}

/** Each file in a run of its own, nothing beside it. */
async function runAlone(files) {
  const records = [];
  for (const file of files) {
    say(`Once more, alone: ${file.path}`);
    const { record } = await runRecorded([file.path]);
    records.push(record?.files.find(({ path }) => path === file.path) ?? file);
  }
  return records;
}

function sayTimes(files) {
  const slowest = files.toSorted((one, other) => other.ms - one.ms).slice(0, SLOWEST);
  say(`The slowest of ${files.length} files:`);
  for (const { ms, path } of slowest) say(`  ${(ms / 1000).toFixed(1).padStart(6)} s  ${path}`);
}

function sayUnsteady(files) {
  if (files.length === 0) return;
  say('unsteady: passed only when run once more, alone. Mend these first:');
  for (const { path, firstError } of files) say(`  ${path}\n    ${firstError.split('\n')[0].slice(0, 300)}`);
}

function sayCounts(files) {
  const sum = (key) => files.reduce((total, file) => total + file[key], 0);
  const skipped = sum('skipped');
  process.stdout.write(
    `${sum('passed')} passed, ${sum('failed')} failed${skipped === 0 ? '' : `, ${skipped} skipped`}\n`,
  );
}

/** One run of Vitest and what became of each file; `record` is null when it died before its end. */
async function runRecorded(args) {
  const folder = mkdtempSync(join(tmpdir(), 'aiworkflow-tests-'));
  const recordFile = join(folder, 'record.json');
  const reporters = ['--reporter=default', `--reporter=${at('scripts', 'parts', 'test-record.mjs')}`];
  // Tests that start the product take the build where it is of this very source (tests/support/product-entry.ts).
  const ofBuild = isBuilt() ? { AIWORKFLOW_TESTS_OF_BUILD: '1' } : {};
  const { env, close } = openTestFolder();
  const code = await runVitest([...reporters, ...args], { AIWORKFLOW_TEST_RECORD: recordFile, ...ofBuild, ...env });
  close();
  const record = readJsonOrNull(recordFile);
  rmSync(folder, { recursive: true, force: true });
  return { code, record };
}
