import { rmSync } from 'node:fs';
import { at, readJsonOrNull, readOrNull, say, sha256, writeJson } from './places.mjs';
import { node24, runNpm, runTool } from './run-command.mjs';

const STAMP = at('node_modules', '.aiworkflow-installed.json');
const WANTED_MAJOR = 24;

const stampOf = () => ({
  lock: sha256(readOrNull(at('package-lock.json')) ?? ''),
  platform: `${process.platform}-${process.arch}`,
});

/** True when the packages are those of the lockfile: a comparison of two small texts. */
export function isInstalled() {
  const stamp = readJsonOrNull(STAMP);
  const wanted = stampOf();
  return stamp !== null && stamp.lock === wanted.lock && stamp.platform === wanted.platform;
}

/**
 * Installs the packages of the lockfile when they are missing or others. The stamp is written last: a set-up that was interrupted
 * at any point is simply done again. Returns an exit code, 0 = done.
 */
export async function install({ setChild }) {
  if (isInstalled()) return 0;
  if (await isInstalledByHand()) return adopt();
  rmSync(STAMP, { force: true });
  say('Installing packages (npm ci); this takes half a minute the first time …');
  const { code } = await runNpm(
    ['ci', '--loglevel=error', '--no-audit', '--no-fund', '--include=dev', '--include=optional'],
    { onSpawn: setChild },
  );
  if (code !== 0) {
    say(
      `npm ci failed with exit code ${code}. Check the connection to the npm registry, then run the same command again.`,
    );
    return code;
  }
  if (!(await hasNode24())) {
    say(
      'Node 24 is missing after the installation: npm was told not to run install scripts (ignore-scripts). Allow them and try again.',
    );
    return 1;
  }
  return adopt();
}

function adopt() {
  writeJson(STAMP, stampOf());
  return 0;
}

async function hasNode24() {
  const { code, output } = await runTool(node24(), ['--version'], { capture: true });
  return code === 0 && Number(/^v(\d+)/.exec(output.trim())?.[1]) >= WANTED_MAJOR;
}

/**
 * Somebody ran `npm ci` or `npm install` himself: npm writes its hidden lockfile last, so when that agrees with ours everything
 * is there.
 */
async function isInstalledByHand() {
  const wanted = readJsonOrNull(at('package-lock.json'))?.packages;
  const present = readJsonOrNull(at('node_modules', '.package-lock.json'))?.packages;
  if (wanted === undefined || present === undefined) return false;
  const isSame = Object.entries(wanted).every(([path, entry]) => {
    if (path === '' || entry.link === true) return true;
    const found = present[path];
    // What npm left out for this system is optional.
    if (found === undefined) return entry.optional === true || entry.devOptional === true || entry.peer === true;
    return found.version === entry.version && found.integrity === entry.integrity;
  });
  return isSame && (await hasNode24());
}
