// 32 runs at once in the built product: how long the main thread of its host, which the windows talk to, is held meanwhile.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { emit, parseArgs, round } from './measure.mjs';

const RUNS = 32;
const TURNS = 60;
const { dir } = parseArgs();
const here = path.dirname(fileURLToPath(import.meta.url));
const cli = path.join(here, '../../dist/node/cli.js');
const step = (yaml) => `## Step 1: All\n\n\`\`\`yaml\n${yaml}\n\`\`\`\n`;
const workflow = (id, yaml) => `---\nworkflow: {id: ${id}, name: ${id}}\n---\n\n${step(yaml)}`;
const folder = path.join(dir, '.aiworkflow', 'workflows');
fs.mkdirSync(folder, { recursive: true });
fs.writeFileSync(path.join(dir, 'aiworkflow.yaml'), `version: "1.0"\nworkflows: {max_concurrent: ${RUNS}}\n`);
const turn = '[{action: workflow.sleep, inputs: {duration: 50ms}}, {action: workflow.set, inputs: {x: "{{ n }}"}}]';
fs.writeFileSync(
  path.join(folder, 'one.md'),
  workflow('one', `for_each: "{{ range(${TURNS}) }}"\nas: n\nsteps: ${turn}`),
);
fs.writeFileSync(
  path.join(folder, 'all.md'),
  workflow('all', `for_each: "{{ range(${RUNS}) }}"\nconcurrency: ${RUNS}\nsteps: [{workflow: one}]`),
);

const probe = path.join(dir, 'probe.json');
const env = { ...process.env, HOME: dir, BENCH_PROBE: probe };
const host = spawn(
  process.execPath,
  ['--import', path.join(here, 'main-thread-probe.mjs'), cli, 'serve', '--port', '0', '--project', dir],
  { env, stdio: ['ignore', 'pipe', 'inherit'] },
);
await once(host.stdout, 'data');
host.kill('SIGUSR2');
const result = JSON.parse(
  execFileSync(process.execPath, [cli, 'run', 'all', '--json', '--project', dir], { env, cwd: dir }),
);
if (!result.success) throw new Error(`the runs ended as ${result.status}`);
host.kill('SIGTERM');
await once(host, 'exit');
const { p99_ms, max_ms } = JSON.parse(fs.readFileSync(probe, 'utf8'));
emit({ p99_ms: round(p99_ms, 1), max_ms: round(max_ms, 1), took_s: round(result.duration_seconds, 1) });
