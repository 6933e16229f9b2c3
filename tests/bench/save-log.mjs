// A log of 1,000,000 lines saved as a file: ours asks for it part by part, through the contract and as JSON, as a page does; raw reads the
// rows and writes their text.
import fs from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { loadCenter, loadEngine } from './load-engine.mjs';
import { emit, median, parseArgs, performance, round } from './measure.mjs';

const LINES = 1_000_000;
const ACTOR = { kind: 'user', id: 'bench', door: 'cli' };
const { dir, reps } = parseArgs();
const state = path.join(dir, '.aiworkflow', 'state', 'workflow-state');
const file = path.join(dir, 'saved.log');
const { openControlCenter, ownProject } = await loadCenter();

const open = () =>
  openControlCenter({
    ...{ projectPath: dir, door: 'cli', resumeOpenRuns: false, examplesDir: '', resourcesDir: '', version: 'bench' },
    ...{ userDataDir: path.join(dir, 'user'), home: dir },
  });

async function makeRun() {
  const folder = path.join(dir, '.aiworkflow', 'workflows');
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(dir, 'aiworkflow.yaml'), 'version: "1.0"\n');
  fs.writeFileSync(
    path.join(folder, 'loud.md'),
    '---\nworkflow: {id: loud, name: loud}\n---\n\n## Step 1: One\n\n```yaml\naction: workflow.noop\n```\n',
  );
  ownProject(dir, path.join(dir, 'user'));
  const center = await open();
  const answer = await center.call('runs.start', { workflow: 'loud' }, ACTOR);
  if (!answer.ok) throw new Error(answer.error.message);
  await center.drained();
  await center.close();
  return answer.value.runId;
}

async function fill(runId) {
  const { Store } = await loadEngine();
  const store = new Store({
    ...{ storeFile: path.join(state, 'state.db'), logsFile: path.join(state, 'logs.db') },
    ...{ blobsDir: path.join(state, 'blobs'), onLog: () => {}, onConversation: () => {}, sync: 'NORMAL' },
  });
  for (let line = 1; line <= LINES; line++) {
    const text = `block ${line} was read`;
    store.logs.append(runId, { at: 1_800_000_000_000 + line, path: 'step_1', stream: 'stdout', level: 'info', text });
  }
  store.close();
}

async function saveOurs(center, runId) {
  const out = fs.openSync(file, 'w');
  const startedAt = performance.now();
  for (let part = { last: 0, isEnd: false }; !part.isEnd; ) {
    const answer = await center.call('runs.logText', { runId, from: part.last + 1 }, ACTOR);
    part = JSON.parse(JSON.stringify(answer)).value;
    fs.writeSync(out, part.text);
  }
  const ms = performance.now() - startedAt;
  fs.closeSync(out);
  return ms;
}

function saveRaw(db) {
  const out = fs.openSync(file, 'w');
  const page = db.prepare(
    'SELECT line, at, path, text FROM lines WHERE log_no = 1 AND line > ? ORDER BY line LIMIT 10000',
  );
  const startedAt = performance.now();
  for (let last = 0; last < LINES; ) {
    const rows = page.all(last);
    fs.writeSync(out, rows.map(({ at, path, text }) => `${new Date(at).toISOString()} ${path} ${text}\n`).join(''));
    last = rows.at(-1).line;
  }
  const ms = performance.now() - startedAt;
  fs.closeSync(out);
  return ms;
}

const runId = await makeRun();
await fill(runId);
const center = await open();
const db = new Database(path.join(state, 'logs.db'), { readonly: true });
const [ours, raw] = [[], []];
for (let i = 0; i < Number(reps); i++) {
  raw.push(saveRaw(db));
  const size = fs.statSync(file).size;
  ours.push(await saveOurs(center, runId));
  if (fs.statSync(file).size !== size)
    throw new Error(`the two files are not the same: ${size}, ${fs.statSync(file).size}`);
}
db.close();
await center.close();
emit({
  what: 'save-log',
  ours_ms: round(median(ours), 0),
  raw_ms: round(median(raw), 0),
  rss_mb: round(process.memoryUsage().rss / 1e6, 0),
});
