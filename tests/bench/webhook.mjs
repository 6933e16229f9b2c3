// Deliveries a second: our host (signature, JSON, filter, commit before the answer, start of the run behind it), a bare fastify route that
// checks the signature and stores nothing, and SQLite alone with grouped commits of the same bytes.
//   node webhook.mjs --dir= [--ms=]
import { execFile } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import Database from 'better-sqlite3';
import { loadWebhookHost } from './load-engine.mjs';
import { emit, parseArgs, performance, round } from './measure.mjs';
import { BODY, SECRET } from './webhook-parts.mjs';

const args = parseArgs();
const forMs = Number(args.ms ?? 4000);
const here = path.dirname(fileURLToPath(import.meta.url));
const ACTOR = { kind: 'user', id: 'bench', door: 'cli' };
const { startHeadlessHost, Fastify, ownProject } = await loadWebhookHost();

/** A second figure beside the rate: what a request takes of the processors in this process, which holds up when others want them too. */
const load = async (port, ms = forMs) => {
  const before = process.cpuUsage();
  const { stdout } = await promisify(execFile)(process.execPath, [
    path.join(here, 'webhook-load.mjs'),
    `--port=${port}`,
    `--ms=${ms}`,
  ]);
  const result = JSON.parse(stdout);
  const { user, system } = process.cpuUsage(before);
  const count = Object.values(result.statuses).reduce((sum, one) => sum + one, 0);
  return { ...result, cpu_us: round((user + system) / count, 0) };
};

async function ours() {
  const dir = path.join(args.dir, 'project');
  const workflows = path.join(dir, '.aiworkflow', 'workflows');
  fs.mkdirSync(workflows, { recursive: true });
  fs.writeFileSync(path.join(dir, 'aiworkflow.yaml'), 'version: "1.0"\n');
  fs.writeFileSync(path.join(dir, '.env'), `BENCH_SECRET=${SECRET}\n`);
  const trigger =
    '{type: webhook, id: hook, path: /hook, scheme: generic, secret: BENCH_SECRET, rate_limit: 1000000/s' +
    (args.filtered ? ', events: [other]}' : '}');
  fs.writeFileSync(
    path.join(workflows, 'bench.md'),
    `---\nworkflow: {id: bench, name: Bench}\ntriggers: [${trigger}]\n---\n\n## Step 1: Nothing\n\n\`\`\`yaml\naction: workflow.noop\n\`\`\`\n`,
  );
  ownProject(dir, path.join(args.dir, 'user'));
  const host = await startHeadlessHost({
    ...{ projectPath: dir, examplesDir: '', resourcesDir: '', version: 'bench' },
    ...{ userDataDir: path.join(args.dir, 'user'), home: args.dir },
  });
  const call = async (name, input) => {
    const answer = await host.call(name, input, ACTOR);
    if (!answer.ok) throw new Error(answer.error.message);
    return answer.value;
  };
  const { definitionHash, contentHash } = await call('triggers.get', { trigger: 'bench/hook' });
  await call('triggers.arm', { trigger: 'bench/hook', definitionHash, contentHash });
  const { listening } = await call('webhooks.listen', { port: 0 });
  const port = Number(new URL(listening.url).port);
  await load(port, 500);
  const result = await load(port);
  const { counts } = await call('deliveries.list', { limit: 1 });
  await host.close();
  return { ...result, started: counts.started ?? 0, waiting: counts.received ?? 0 };
}

async function bare() {
  const app = Fastify();
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.post('/hook', (request, reply) => {
    const expected = crypto.createHmac('sha256', SECRET).update(request.body).digest('hex');
    const isRight = crypto.timingSafeEqual(Buffer.from(expected), Buffer.from(request.headers['x-signature']));
    reply.code(isRight ? 200 : 401).send({ status: 'accepted' });
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address();
  await load(port, 500);
  const result = await load(port);
  await app.close();
  return result;
}

/** 64 rows of the same bytes a commit: as many as there are connections. */
function grouped() {
  const db = new Database(path.join(args.dir, 'raw.db'));
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.exec('CREATE TABLE deliveries(id TEXT PRIMARY KEY, at INTEGER, headers TEXT, body BLOB)');
  const insert = db.prepare('INSERT INTO deliveries VALUES (?, ?, ?, ?)');
  const body = Buffer.from(BODY);
  const startedAt = performance.now();
  let rows = 0;
  while (performance.now() - startedAt < forMs) {
    db.transaction(() => {
      for (let i = 0; i < 64; i++) insert.run(crypto.randomBytes(16).toString('hex'), Date.now(), '[]', body);
    })();
    rows += 64;
  }
  db.close();
  return round(rows / ((performance.now() - startedAt) / 1000), 0);
}

const plain = await bare();
const mine = await ours();
emit({
  ...{ what: 'webhook', ours_per_s: mine.per_s, bare_per_s: plain.per_s, grouped_per_s: grouped() },
  ...{ bare_cpu_us: plain.cpu_us, ...mine },
});
