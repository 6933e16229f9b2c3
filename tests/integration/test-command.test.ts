import { spawnSync } from 'node:child_process';
import { globSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { REPOSITORY_DIR } from '../support/paths.ts';
import { FIRST } from '../support/test-order.ts';

const folder = mkdtempSync(join(tmpdir(), 'aiworkflow-test-command-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What `npm test` decides about these files: those that are run once more. */
function filesToTryAgain(files: readonly { path: string; hasPassed: boolean }[], unhandledErrors = 0): unknown {
  const record = join(folder, 'record.json');
  writeFileSync(record, JSON.stringify({ files, unhandledErrors }));
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
