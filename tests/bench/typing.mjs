// A workflow of 2,000 lines that is typed into: what the check of each letter takes, as the editor asks for it, beside reading the text
// with nothing kept of it. `node tests/bench/typing.mjs --dir=<empty dir> [--letters=200]`
import fs from 'node:fs';
import path from 'node:path';
import { loadCenter } from './load-engine.mjs';
import { emit, parseArgs, percentile, performance, round } from './measure.mjs';

const { dir, ...args } = parseArgs();
const letters = Number(args.letters ?? 200);
const LINES = 2000;
const ACTOR = { kind: 'user', id: 'bench', door: 'cli' };

const step = (at) =>
  [
    `## Step ${at}: Part ${at}`,
    'What this step is for, in a sentence of its own.',
    '',
    '```yaml',
    'action: workflow.set',
    `inputs: {total_${at}: "{{ inputs.limit }} of ${at}"}`,
    `output_variable: part_${at}`,
    'timeout: 30s',
    `if: inputs.limit > ${at}`,
    '```',
    '',
  ].join('\n');
const head = '---\nworkflow: {id: typed, name: Typed}\ninputs:\n  limit: {type: integer, default: 10}\n---\n';
const steps = Array.from({ length: Math.floor(LINES / 11) }, (_, at) => step(at + 1));
const place = Math.floor(steps.length / 2);
const typed = 'description: what somebody writes here, letter after letter, while the problems are looked for\n';
const textOf = (count) => {
  const written = steps[place].replace('timeout: 30s', `timeout: 30s\n${typed.repeat(9).slice(0, count)}`);
  return head + steps.with(place, written).join('\n');
};

const { openControlCenter, ownProject, readWorkflow } = await loadCenter();
const project = path.join(dir, 'office');
const home = path.join(dir, 'home');
ownProject(project, home);
fs.writeFileSync(path.join(project, 'aiworkflow.yaml'), 'version: "1.0"\n');
fs.mkdirSync(path.join(project, '.aiworkflow', 'workflows'), { recursive: true });
fs.writeFileSync(path.join(project, '.aiworkflow', 'workflows', 'typed.md'), textOf(0));
const center = await openControlCenter({
  ...{ projectPath: project, door: 'cli', resumeOpenRuns: false, examplesDir: '', resourcesDir: '', version: 'bench' },
  ...{ userDataDir: home, home: dir },
});
const took = [];
const bare = [];
for (let count = -20; count < letters; count += 1) {
  const source = textOf(Math.max(count, 0));
  const before = performance.now();
  const answer = await center.call('workflows.check', { ref: 'typed', source }, ACTOR);
  const between = performance.now();
  if (!answer.ok) throw new Error(answer.error.message);
  readWorkflow(source, { file: 'typed.md' });
  if (count < 0) continue;
  took.push(between - before);
  bare.push(performance.now() - between);
}
await center.close();
const p95 = (all) => round(percentile(all, 95), 1);
emit({ ours_p95_ms: p95(took), bare_p95_ms: p95(bare) });
