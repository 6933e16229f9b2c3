import { accessSync, constants, existsSync } from 'node:fs';
import { basename, delimiter, dirname, join } from 'node:path';
import { say } from './places.mjs';
import { runTool } from './run-command.mjs';

/**
 * Chromium without windows, as Debian installs it (its name on PATH is a script that waits for it): to open a page takes it a fifth of the
 * processor time. Tests do without it where there is only the whole browser.
 */
const HEADLESS_SHELL = '/usr/lib/chromium/chromium-headless-shell';
const CHROMIUM_NAMES = [
  'chrome-headless-shell',
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'microsoft-edge',
  'msedge.exe',
  'chrome.exe',
];
const CHROMIUM_PATHS = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

/** Programs that tests run for real, and the Debian package of each. */
const PARTS = [
  { name: 'Chromium', why: 'the screens are tested in a real browser', debian: 'chromium', find: () => findChromium() },
  {
    name: 'Python 3',
    why: 'script tools in Python',
    debian: 'python3',
    find: () => findOnPath(['python3', 'python3.exe', 'python.exe']),
  },
  { name: 'bash', why: 'script tools of the shell', debian: 'bash', find: () => findOnPath(['bash', 'bash.exe']) },
  {
    name: 'gnome-keyring',
    why: 'the keychain of a Linux desktop',
    debian: 'gnome-keyring',
    find: () => (process.platform === 'linux' ? findOnPath(['gnome-keyring-daemon']) : 'not needed'),
  },
  {
    name: 'bubblewrap',
    why: 'the sandbox around scripts',
    debian: 'bubblewrap',
    find: () => (process.platform === 'linux' ? findOnPath(['bwrap']) : 'not needed'),
  },
  {
    name: 'Prometheus',
    why: 'what the app tells a monitoring system',
    debian: 'prometheus',
    find: () => findOnPath(['promtool', 'promtool.exe']),
  },
  {
    name: 'Redis',
    why: 'queues on Redis: tests start a server of their own',
    debian: 'redis-server',
    find: () => findOnPath(['redis-server', 'redis-server.exe']),
  },
  {
    name: 'RabbitMQ',
    why: 'queues on RabbitMQ: tests start a server of their own',
    debian: 'rabbitmq-server',
    find: () => findOnPath(['rabbitmq-server', 'rabbitmq-server.bat', '/usr/lib/rabbitmq/bin/rabbitmq-server']),
  },
  {
    name: 'NSIS',
    why: "what the installer for Windows does beyond electron-builder's own is compiled",
    debian: 'nsis',
    find: () => findOnPath(['makensis', 'makensis.exe']),
  },
  { name: 'git', why: 'tools that work on repositories', debian: 'git', find: () => findOnPath(['git', 'git.exe']) },
];

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function findOnPath(names) {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable) ?? null;
}

function findChromium() {
  const given = process.env.CHROMIUM_PATH;
  if (given) return isExecutable(given) ? given : null;
  if (isExecutable(HEADLESS_SHELL)) return HEADLESS_SHELL;
  return findOnPath(CHROMIUM_NAMES) ?? CHROMIUM_PATHS.find(isExecutable) ?? null;
}

const canUseApt = () => process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');

/** Finds the real parts and installs the missing ones where that is possible; says what is there and what is not. */
export async function findRealParts() {
  const missing = PARTS.filter((part) => part.find() === null);
  const wanted = missing.map((part) => part.debian);
  if (!process.env.CHROMIUM_PATH && !isExecutable(HEADLESS_SHELL)) wanted.push('chromium-headless-shell');
  if (wanted.length > 0 && canUseApt()) await installWithApt(wanted);
  for (const part of PARTS) {
    const path = part.find();
    if (path !== null) say(`  found ${part.name}: ${path}`);
    else
      say(
        `  MISSING ${part.name} (${part.why}): install it (Debian: apt-get install ${part.debian}); tests that need it will fail.`,
      );
  }
  const chromium = findChromium();
  if (chromium !== null) process.env.CHROMIUM_PATH = chromium;
  await passPythonShim();
}

/** Where Python on PATH is a script that looks for the real one (pyenv), which takes half a second each time: the real one comes first. */
async function passPythonShim() {
  const found = findOnPath(['python3']);
  if (found === null) return;
  const { code, output } = await runTool(found, ['-c', 'import sys; print(sys.executable)'], { capture: true });
  const real = output.trim();
  if (code !== 0 || real === found || basename(real) !== 'python3' || !isExecutable(real)) return;
  process.env.PATH = `${dirname(real)}${delimiter}${process.env.PATH}`;
}

async function installWithApt(packages) {
  say(`  installing ${packages.join(', ')} with apt-get …`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  // The lists of a fresh container are empty, those of an old one are stale.
  await runTool('apt-get', ['update', '-qq'], { capture: true, env });
  // One by one: what one system does not have must not keep it from the others.
  for (const name of packages) {
    const install = ['install', '-y', '-qq', '--no-install-recommends', '--no-remove', name];
    const { code, output } = await runTool('apt-get', install, { capture: true, env });
    if (code !== 0) say(`  apt-get could not install ${name}:\n${output.trim().split('\n').slice(-5).join('\n')}`);
  }
}
