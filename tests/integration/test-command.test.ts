import { spawnSync } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { REPOSITORY_DIR } from '../support/paths.ts';
import { FIRST } from '../support/test-order.ts';

const folder = mkdtempSync(join(tmpdir(), 'aiworkflow-test-command-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What `npm test` decides about these files: those that are run once more. */
function filesToTryAgain(files: readonly { path: string; hasPassed: boolean }[], strayErrors = 0): unknown {
  const record = join(folder, 'record.json');
  writeFileSync(record, JSON.stringify({ files, strayErrors }));
  const script = `import { readFileSync } from 'node:fs';
    import { filesToTryAgain } from './scripts/parts/run-tests.mjs';
    console.log(JSON.stringify(filesToTryAgain(JSON.parse(readFileSync(process.argv[1], 'utf8'))).map((file) => file.path)));`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script, record], {
    cwd: REPOSITORY_DIR,
    encoding: 'utf8',
  });
  return JSON.parse(stdout || `"${stderr}"`);
}

const passed = { path: 'src/a.test.ts', hasPassed: true };
const browser = { path: 'tests/e2e/screens.test.ts', hasPassed: false };
const kill = { path: 'tests/crash/kill.test.ts', hasPassed: false };
const unit = { path: 'tests/integration/engine.test.ts', hasPassed: false };

it('only failures of browsers, kills and agents get a second try, and none when anything else failed', () => {
  expect(filesToTryAgain([passed, browser, kill])).toEqual([browser.path, kill.path]);
  expect(filesToTryAgain([passed])).toEqual([]);
  expect(filesToTryAgain([passed, browser, unit])).toEqual([]);
  expect(filesToTryAgain([browser], 1)).toEqual([]);
});

it('every file of tests is run, each once, and what is begun first is there', () => {
  const vitest = join(REPOSITORY_DIR, 'node_modules', 'vitest', 'vitest.mjs');
  const { stdout, stderr } = spawnSync(process.execPath, [vitest, 'list', '--filesOnly', '--json'], {
    cwd: REPOSITORY_DIR,
    encoding: 'utf8',
  });
  const listed = (JSON.parse(stdout || `"${stderr}"`) as readonly { readonly file: string }[]).map(({ file }) =>
    relative(REPOSITORY_DIR, file).replaceAll('\\', '/'),
  );
  const present = globSync('{src,tests}/**/*.test.{ts,tsx}', {
    cwd: REPOSITORY_DIR,
    exclude: (name) => name === 'node_modules',
  }).map((path) => path.replaceAll('\\', '/'));
  expect(listed.toSorted()).toEqual(present.toSorted());
  expect(FIRST.filter((path) => !present.includes(path))).toEqual([]);
});

it('an error that nobody caught is a failure of the file during which it came', () => {
  const script = `import TestRecord from './scripts/parts/test-record.mjs';
    const file = (path) => ({ moduleId: process.cwd() + '/' + path, ok: () => true, errors: () => [], diagnostic: () => ({ duration: 1 }),
      children: { allTests: () => [] } });
    const files = [file('tests/e2e/screens.test.ts'), file('tests/e2e/lists.test.ts')];
    new TestRecord().onTestRunEnd(files, [{ VITEST_TEST_PATH: files[0].moduleId, message: 'canceled' }, { message: 'of none' }]);`;
  const record = join(folder, 'unhandled.json');
  const { stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    cwd: REPOSITORY_DIR,
    encoding: 'utf8',
    env: { ...process.env, AIWORKFLOW_TEST_RECORD: record },
  });
  expect(stderr).toBe('');
  expect(JSON.parse(readFileSync(record, 'utf8'))).toMatchObject({
    strayErrors: 1,
    files: [
      { path: 'tests/e2e/screens.test.ts', hasPassed: false, failed: 1, firstError: 'canceled' },
      { path: 'tests/e2e/lists.test.ts', hasPassed: true, failed: 0, firstError: null },
    ],
  });
});
