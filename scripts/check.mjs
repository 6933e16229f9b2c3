// Everything that a machine can say about the sources without running them: format, lint, types per runtime. At once, in seconds.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { node, root, say, setUp } from './setup.mjs';

const tool = (...parts) => join(root, 'node_modules', ...parts);
const checks = [
  ['lint and format', [tool('@biomejs', 'biome', 'bin', 'biome'), 'ci', '--diagnostic-level=error', '.']],
  ...['shared', 'core', 'electron', 'renderer', 'tests'].map((name) => [`types of ${name}`, [tool('typescript', 'bin', 'tsc'), '-p', `tsconfig.${name}.json`]]),
];

const runOne = ([name, words]) =>
  new Promise((resolve) => {
    const child = spawn(node, words, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (text += chunk));
    child.once('close', (code) => {
      say(`${code === 0 ? 'ok  ' : 'FAIL'} ${name}`);
      if (code !== 0) say(text.slice(0, 20_000));
      resolve(code === 0);
    });
  });

/** True when every check is green. */
export async function check() {
  const results = await Promise.all(checks.map(runOne));
  return results.every(Boolean);
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  setUp();
  process.exitCode = (await check()) ? 0 : 1;
}
