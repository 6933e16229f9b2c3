// The shell as a person meets it: from the start of a host to a page that can be used, its first paint, how much it loads for that, and what
// the host needs while nothing happens. Chromium is there already. `node tests/bench/shell.mjs --dir=<empty dir> [--reps=5] [--idle=300]`
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { chromium } from 'playwright-core';
import { emit, median, parseArgs, performance, round, sleep } from './measure.mjs';

const { dir, ...args } = parseArgs();
const reps = Number(args.reps ?? 5);
const idleMs = Number(args.idle ?? 300) * 1000;
/** What a start has left to do is over by then. */
const REST_MS = 10_000;
const HEADLESS_SHELL = '/usr/lib/chromium/chromium-headless-shell';
const executablePath =
  process.env.CHROMIUM_PATH ?? (fs.existsSync(HEADLESS_SHELL) ? HEADLESS_SHELL : '/usr/bin/chromium');
const cli = path.join(path.dirname(fileURLToPath(import.meta.url)), '../../dist/node/cli.js');

const project = path.join(dir, 'office');
const folder = path.join(project, '.aiworkflow', 'workflows');
fs.mkdirSync(folder, { recursive: true });
fs.writeFileSync(path.join(project, 'aiworkflow.yaml'), 'version: "1.0"\n');
fs.writeFileSync(
  path.join(folder, 'nightly.md'),
  '---\nworkflow: {id: nightly, name: Nightly}\n---\n\n## Step 1: All\n\n```yaml\naction: workflow.noop\n```\n',
);
const env = { ...process.env, HOME: dir, XDG_CONFIG_HOME: '', XDG_DATA_HOME: '', XDG_STATE_HOME: '' };

async function startHost() {
  const words = [cli, '--project', project, '--json', 'serve', '--port', '0', '--triggers'];
  const child = spawn(process.execPath, words, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  const end = async () => {
    child.kill('SIGTERM');
    await once(child, 'exit');
  };
  return { pid: child.pid, link: JSON.parse(line).url, end };
}

const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
const heading = (page) => page.getByRole('heading', { level: 1 }).first();

/** One start: until the first screen can be used, in a context that has nothing in its cache. */
async function coldStart() {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  const loaded = new Map();
  page.on('response', (response) => {
    const kind = response.request().resourceType();
    if (!['document', 'script', 'stylesheet', 'font'].includes(kind)) return;
    loaded.set(
      response.url(),
      response.body().catch(() => Buffer.of()),
    );
  });
  const startedAt = performance.now();
  const host = await startHost();
  const listensAt = performance.now();
  await page.goto(host.link);
  await heading(page).waitFor();
  // What can be used has what it needs of the app: a button that acts is not held back.
  await page.locator('button.palette').click({ trial: true });
  const usableAt = performance.now();
  const { cpuMs } = usageOf(host.pid);
  const { paint, late } = await page.evaluate(() => ({
    paint: performance.getEntriesByType('paint').find(({ name }) => name === 'first-contentful-paint')?.startTime,
    // The other screens follow when the first one stands (`AFTER_FIRST_SCREEN_MS`).
    late: performance
      .getEntriesByType('resource')
      .filter(({ startTime }) => startTime > performance.getEntriesByType('paint')[0].startTime + 300)
      .map(({ name }) => name),
  }));
  for (const url of late) loaded.delete(url);
  const bodies = await Promise.all(loaded.values());
  return {
    ...{
      host,
      context,
      cold_ms: usableAt - startedAt,
      listens_ms: listensAt - startedAt,
      cpu_ms: cpuMs,
      paint_ms: paint,
    },
    gzip_kb: bodies.reduce((sum, body) => sum + gzipSync(body).length, 0) / 1024,
  };
}

/** Processor time of the host in ms and its resident memory in MB; Linux tells it. */
function usageOf(pid) {
  const fields = fs
    .readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  const rss = /VmRSS:\s+(\d+)/.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'));
  return { cpuMs: (Number(fields[11]) + Number(fields[12])) * 10, rssMb: Number(rss?.[1] ?? 0) / 1024 };
}

const starts = [];
for (let at = 0; at < reps; at += 1) {
  const one = await coldStart();
  starts.push(one);
  if (at === reps - 1) break;
  await one.context.close();
  await one.host.end();
}
// The last one stays, with its page open, as somebody leaves it.
const { host, context } = starts.at(-1);
await sleep(REST_MS);
const before = usageOf(host.pid);
await sleep(idleMs);
const after = usageOf(host.pid);
await context.close();
await host.end();
await browser.close();
const of = (key, digits = 0) => round(median(starts.map((one) => one[key])), digits);
emit({
  ...{
    cold_ms: of('cold_ms'),
    listens_ms: of('listens_ms'),
    cpu_ms: of('cpu_ms'),
    paint_ms: of('paint_ms'),
    gzip_kb: of('gzip_kb', 1),
  },
  ...{ rss_mb: round(after.rssMb, 1), idle_percent: round((100 * (after.cpuMs - before.cpuMs)) / idleMs, 2) },
  idle_s: idleMs / 1000,
});
