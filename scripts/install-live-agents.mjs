#!/usr/bin/env node
/**
 * `node scripts/install-live-agents.mjs`: installs the real command-line agents, and the inspector of MCP, that `tests/live` drives, at the versions of its own
 * lockfile, into `tests/live/node_modules` (about 800 MB). Does nothing when they are there. Exit code 0 = they are there.
 */
import { accessSync, constants, rmSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { withFolderLock } from './parts/folder-lock.mjs';
import { at, readJsonOrNull, readOrNull, say, sha256, writeJson } from './parts/places.mjs';
import { runNpm, runTool } from './parts/run-command.mjs';

const LIVE = at('tests', 'live');
const STAMP = at('tests', 'live', 'node_modules', '.aiworkflow-installed.json');
/** The packages' own names for their programs, on every system. */
const PROGRAMS = {
  'claude-code': at('tests', 'live', 'node_modules', '@anthropic-ai', 'claude-code', 'bin', 'claude.exe'),
  opencode: at('tests', 'live', 'node_modules', 'opencode-ai', 'bin', 'opencode.exe'),
};

const wantedStamp = () => ({
  lock: sha256(readOrNull(at('tests', 'live', 'package-lock.json')) ?? ''),
  platform: `${process.platform}-${process.arch}`,
});

function isInstalled() {
  const stamp = readJsonOrNull(STAMP);
  const wanted = wantedStamp();
  return stamp?.lock === wanted.lock && stamp?.platform === wanted.platform && missing().length === 0;
}

const missing = () => Object.entries(PROGRAMS).filter(([, path]) => !isThere(path));

function isThere(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Installs the agents when they are missing or others. Returns an exit code, 0 = they are there. */
export async function installLiveAgents() {
  if (isInstalled()) {
    say('  The command-line agents of tests/live are there.');
    return 0;
  }
  const waiting = '  Another process is installing the agents of tests/live …';
  return await withFolderLock(at('tests', 'live', '.setup-lock'), waiting, (lock) =>
    isInstalled() ? 0 : install(lock),
  );
}

async function install({ setChild }) {
  say('  Installing the command-line agents of tests/live (about 800 MB, once) …');
  rmSync(STAMP, { force: true });
  const { code } = await runNpm(['ci', '--loglevel=error', '--no-audit', '--no-fund', '--include=optional'], {
    cwd: LIVE,
    onSpawn: setChild,
  });
  if (code !== 0) {
    say(`  npm ci in tests/live failed with exit code ${code}. Check the connection to the npm registry.`);
    return code;
  }
  for (const [name, path] of Object.entries(PROGRAMS)) {
    const { code: failed, output } = await runTool(path, ['--version'], { capture: true, cwd: LIVE });
    if (failed !== 0) {
      say(`  ${name} was installed but does not start: ${output.trim()}`);
      return 1;
    }
    say(`  installed ${name} ${output.trim()}`);
  }
  writeJson(STAMP, wantedStamp());
  return 0;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  process.exitCode = await installLiveAgents();
}
