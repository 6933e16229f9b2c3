// `npm run proof`: runs each proof, in as many processes as there are processors, and prints what was found. Ends with 1 when anything
// is wrong. `-- --only=schedules` runs one of them.
import { spawn } from 'node:child_process';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const only = process.argv.find((word) => word.startsWith('--only='))?.slice('--only='.length);
const seed = process.env.AIWORKFLOW_SEED ?? String(Date.now() % 1_000_000_000);

/** A proof takes `<share> <of how many> <seed>` and prints its rows as one JSON line: `{what, looked, wrong: string[], unit}`. */
const PROOFS = [
  { name: 'schedules', script: 'schedule-dues.ts' },
  { name: 'audit', script: 'audit-tampering.ts' },
  { name: 'decisions', script: 'decisions.ts' },
  { name: 'retention', script: 'retention.ts' },
  { name: 'remote', script: 'remote.ts' },
  { name: 'undo', script: 'undo.ts' },
  { name: 'queue', script: 'queue.ts' },
];

function runShare(script, share, count) {
  const child = spawn(process.execPath, [path.join(here, script), String(share), String(count), seed], {
    stdio: ['ignore', 'pipe', 'inherit'],
    // The product that was just built: a process of it starts in a third of the time.
    env: { ...process.env, AIWORKFLOW_TESTS_OF_BUILD: '1' },
  });
  let text = '';
  child.stdout.on('data', (chunk) => {
    text += chunk;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve(JSON.parse(text));
      else reject(new Error(`${script} ended with ${code}`));
    });
  });
}

/** The rows of all shares, those of the same name added up. */
function addUp(shares) {
  const rows = new Map();
  for (const row of shares.flat()) {
    const sum = rows.get(row.what) ?? { ...row, looked: 0, wrong: [] };
    rows.set(row.what, { ...sum, looked: sum.looked + row.looked, wrong: [...sum.wrong, ...row.wrong] });
  }
  return [...rows.values()];
}

const print = (...cells) => console.log(`| ${cells.join(' | ')} |`);
const count = os.availableParallelism();
let isWrong = false;
console.log(`Node ${process.version}, time zones ${process.versions.tz}, ${count} processes, seed ${seed}`);
print('proof', 'looked at', 'wrong', 'took');
print('---', '---:', '---:', '---:');
for (const { name, script } of PROOFS) {
  if (only !== undefined && only !== name) continue;
  const startedAt = performance.now();
  const shares = await Promise.all(Array.from({ length: count }, (_, share) => runShare(script, share, count)));
  const took = `${Math.round((performance.now() - startedAt) / 1000)} s`;
  for (const { what, looked, unit, wrong } of addUp(shares)) {
    print(`${name}: ${what}`, `${looked.toLocaleString('en-US')} ${unit}`, wrong.length, took);
    for (const one of wrong.slice(0, 20)) console.log(`  ${one}`);
    isWrong ||= wrong.length > 0;
  }
}
process.exitCode = isWrong ? 1 : 0;
