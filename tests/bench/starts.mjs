// Start of a run by the name of its workflow, in a library of 1 and of 1,000 workflows, as the control center answers its doors.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { loadCenter } from './load-engine.mjs';
import { emit, median, performance, round } from './measure.mjs';

const STARTS = 60;
const ACTOR = { kind: 'user', id: 'bench', door: 'cli' };
const engine = await loadCenter();

/** A workflow as people write them: some steps with words around; only "wanted" is ever started. */
const text = (id) =>
  `---\nworkflow: {id: ${id}, name: ${id}}\n---\n\n${Array.from(
    { length: 8 },
    (_, i) =>
      `## Step ${i + 1}: Part ${i + 1}\n\nKeeps what matters for the report that follows.\n\n\`\`\`yaml\naction: workflow.noop\n\`\`\`\n`,
  ).join('\n')}`;

async function openLibrary(workflows) {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'aiw-bench-'));
  const folder = path.join(dir, '.aiworkflow', 'workflows');
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(dir, 'aiworkflow.yaml'), 'version: "1.0"\n');
  for (let i = 1; i < workflows; i++) fs.writeFileSync(path.join(folder, `other-${i}.md`), text(`other-${i}`));
  fs.writeFileSync(path.join(folder, 'wanted.md'), text('wanted'));
  engine.ownProject(dir, path.join(dir, 'user'));
  const center = await engine.openControlCenter({
    ...{ projectPath: dir, door: 'cli', resumeOpenRuns: false, examplesDir: '', resourcesDir: '', version: 'bench' },
    ...{ userDataDir: path.join(dir, 'user'), home: dir },
  });
  /** Call to answer; the run's own steps are over before the next start. */
  const start = async () => {
    const startedAt = performance.now();
    const answer = await center.call('runs.start', { workflow: 'wanted' }, ACTOR);
    const ms = performance.now() - startedAt;
    if (!answer.ok) throw new Error(answer.error.message);
    await center.drained();
    return ms;
  };
  const close = async () => {
    await center.close();
    fs.rmSync(dir, { recursive: true, force: true });
  };
  return { start, close };
}

const [small, large] = [await openLibrary(1), await openLibrary(1000)];
const first = { small: await small.start(), large: await large.start() };
const [ones, thousands] = [[], []];
for (let i = 0; i < STARTS; i++) {
  ones.push(await small.start());
  thousands.push(await large.start());
}
const [one_ms, thousand_ms] = [median(ones), median(thousands)];
emit({
  ...{ what: 'starts', one_ms: round(one_ms), thousand_ms: round(thousand_ms), ratio: round(thousand_ms / one_ms, 2) },
  first_one_ms: round(first.small),
  first_thousand_ms: round(first.large),
});
await small.close();
await large.close();
