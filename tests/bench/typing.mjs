// A workflow of 2,000 lines that is typed into: what the check of each letter takes, as the editor asks for it, beside reading the text
// with nothing kept of it. `node tests/bench/typing.mjs --dir=<empty dir> [--letters=200]`
import fs from 'node:fs';
import path from 'node:path';
import { loadCenter } from './load-engine.mjs';
import { emit, parseArgs, percentile, performance, round } from './measure.mjs';
import { textOf } from './typed-text.mjs';

const { dir, ...args } = parseArgs();
const letters = Number(args.letters ?? 200);
const ACTOR = { kind: 'user', id: 'bench', door: 'cli' };

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
