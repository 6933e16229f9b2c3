import { createHmac } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { projectPaths } from '../../src/core/projects/index.ts';
import { killHelpers } from '../support/kill-helpers.ts';
import { seeded } from '../support/seeded.ts';
import { waitUntil } from '../support/wait-until.ts';
import { endHosts, launchWebhookHost, type WebhookHost } from '../support/webhook-hosts.ts';
import { SECRETS, WebhookProject } from '../support/webhook-project.ts';

/** SPEC §7.3: what is answered with 2xx is stored, and what is stored starts its run, whenever the process is killed. */
const SEED = Number(process.env.TEST_SEED ?? Date.now() % 100_000);
const SENDERS = 16;
const KILLS = 6;

let project: WebhookProject;
beforeEach(() => {
  project = new WebhookProject(SECRETS);
  project.addWebhook('greet', 'path: /hook, scheme: generic, secret: HOOK_SECRET, rate_limit: 100000/s');
});
afterEach(async () => {
  endHosts();
  killHelpers(project.path);
  await project.close();
});

const launch = (env: Readonly<Record<string, string>> = {}): Promise<WebhookHost> =>
  launchWebhookHost(project.path, 'greet/hook', env);

/** What a sender was told: id of the delivery -> id of its run. */
type Told = Map<string, string>;
let sent = 0;

async function send(url: string, id: string, told: Told): Promise<void> {
  const body = JSON.stringify({ type: 'load', id });
  const signature = createHmac('sha256', SECRETS.HOOK_SECRET).update(body).digest('hex');
  const headers = { 'X-Signature': signature, 'X-Delivery-Id': id };
  const answer = await fetch(`${url}/hook`, { method: 'POST', headers, body });
  const said = (await answer.json()) as { result?: { run_id: string }; duplicate?: boolean };
  if (answer.status !== 200) throw new Error(`${answer.status} ${JSON.stringify(said)}`);
  if (said.result !== undefined) told.set(id, said.result.run_id);
}

/** Sends one delivery after the other until the host is gone; ids that were not answered come back. */
async function load(url: string, told: Told): Promise<readonly string[]> {
  for (;;) {
    sent += 1;
    const id = `d-${sent}`;
    try {
      await send(url, id, told);
    } catch {
      return [id];
    }
  }
}

interface Row {
  readonly external_id: string;
  readonly run_id: string | null;
  readonly state: string;
}

function read<T>(sql: string): readonly T[] {
  const db = new Database(projectPaths(project.path).storeFile, { readonly: true });
  try {
    return db.prepare(sql).all() as T[];
  } finally {
    db.close();
  }
}

const backlog = (): number =>
  read<{ n: number }>("SELECT count(*) AS n FROM deliveries WHERE state = 'received'")[0]?.n ?? 0;

function expectEveryWordKept(told: Told): void {
  const rows = read<Row>('SELECT external_id, run_id, state FROM deliveries');
  const runs = read<{ run_id: string; start_key: string }>('SELECT run_id, start_key FROM runs');
  const started = new Map(rows.filter(({ state }) => state === 'started').map((row) => [row.external_id, row.run_id]));
  expect([...told].filter(([id, runId]) => started.get(id) !== runId)).toEqual([]);
  expect(rows.filter(({ state }) => state !== 'started' && state !== 'duplicate')).toEqual([]);
  // One run a delivery, and no run of anything else.
  expect(new Set(started.values()).size).toBe(started.size);
  expect(runs.map(({ run_id }) => run_id).sort()).toEqual([...started.values()].sort());
}

describe('kill -9 of the host', () => {
  it(`at ${KILLS} random moments under load: each 2xx has its delivery and its run, each delivery one run (seed ${SEED})`, async () => {
    const random = seeded(SEED);
    const told: Told = new Map();
    let unanswered: readonly string[] = [];
    for (let kill = 0; kill < KILLS; kill += 1) {
      const host = await launch();
      // What nobody answered is sent again: it may have been stored all the same.
      await Promise.all(unanswered.map((id) => send(host.url, id, told)));
      const loads = Array.from({ length: SENDERS }, () => load(host.url, told));
      await delay(100 + random() * 400);
      host.child.kill('SIGKILL');
      await host.ended;
      unanswered = (await Promise.all(loads)).flat();
    }
    const last = await launch();
    await waitUntil('the backlog to be started', () => backlog() === 0);
    last.child.stdin?.end();
    await last.ended;
    expect(told.size).toBeGreaterThan(SENDERS);
    expectEveryWordKept(told);
  });

  it.each([1, 2, 5])('between the commit of a delivery and the %ith commit of a run after it', async (hit) => {
    const told: Told = new Map();
    const host = await launch({ AIWORKFLOW_FAILPOINT: `journal.beforeCommit:${hit}` });
    const loads = Array.from({ length: 4 }, () => load(host.url, told));
    await host.ended;
    await Promise.all(loads);
    const again = await launch();
    await waitUntil('the backlog to be started', () => backlog() === 0);
    again.child.stdin?.end();
    await again.ended;
    expect(told.size).toBeGreaterThan(0);
    expectEveryWordKept(told);
  });
});
