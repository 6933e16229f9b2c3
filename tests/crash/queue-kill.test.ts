import Database from 'better-sqlite3';
import { afterEach, describe, expect, it } from 'vitest';
import { projectPaths } from '../../src/core/projects/index.ts';
import { killHelpers } from '../support/kill-helpers.ts';
import { startRabbit } from '../support/rabbit-server.ts';
import { type RedisServer, startRedis } from '../support/redis-server.ts';
import { waitUntil } from '../support/wait-until.ts';
import { endHosts, launchWebhookHost } from '../support/webhook-hosts.ts';
import { SECRETS, WebhookProject } from '../support/webhook-project.ts';

/** SPEC §8: no message is lost and none runs twice, wherever the process that works on the queue is killed. */
const MESSAGES = 30;
/** Each life ends there; the last one goes on to the end. */
const DEATHS = ['queue.claimed:3', 'queue.runStarted:5', 'queue.runEnded:4', 'queue.settled:6'];

let project: WebhookProject;
let server: Pick<RedisServer, 'start' | 'stop' | 'close'> | null = null;
afterEach(async () => {
  endHosts();
  killHelpers(project.path);
  await project.close();
  await server?.close();
  server = null;
});

/** Where the messages wait, and what is said of it in the settings. */
const PLACES: Readonly<Record<string, () => Promise<string>>> = {
  local: async () => 'queue: {concurrency: 4, retry_delay: 20ms}',
  redis: async () => {
    const redis = await startRedis();
    server = redis;
    return `queue: {type: redis, redis_url: "${redis.url}", concurrency: 4, retry_delay: 20ms}`;
  },
  rabbitmq: async () => {
    const rabbit = await startRabbit();
    server = rabbit;
    return `queue: {type: rabbitmq, rabbitmq_url: "${rabbit.url}", concurrency: 4, retry_delay: 20ms}`;
  },
};

async function openProject(place: () => Promise<string>): Promise<void> {
  // What the host that is killed listens for: nothing comes.
  project = new WebhookProject(SECRETS, [await place()]);
  project.addWebhook('greet', 'path: /hook, scheme: generic, secret: HOOK_SECRET');
  await project.reopen(false);
}

function read<T>(sql: string): readonly T[] {
  const db = new Database(projectPaths(project.path).storeFile, { readonly: true });
  try {
    return db.prepare(sql).all() as T[];
  } finally {
    db.close();
  }
}

const launch = (env: Readonly<Record<string, string>> = {}) => launchWebhookHost(project.path, 'greet/hook', env);

/** It may be gone before it says where it listens. */
const launchAndDie = (death: string): Promise<void> =>
  launch({ AIWORKFLOW_FAILPOINT: death }).then(
    ({ ended }) => ended,
    () => undefined,
  );

interface Ended {
  readonly id: string;
  readonly status: string;
  readonly runId: string | null;
}

/** Sends messages of two priorities; gives their ids. */
async function sendAll(): Promise<readonly string[]> {
  const sent: string[] = [];
  for (let at = 0; at < MESSAGES; at += 1) {
    const priority = at % 2 === 0 ? 'normal' : 'high';
    sent.push((await project.call('queue.publish', { workflow: 'greet', priority })).message.id);
  }
  await project.leave();
  return sent;
}

/** The last host works until every message has ended. */
async function finish(): Promise<readonly Ended[]> {
  const last = await launch();
  const completed = "SELECT run_id FROM runs WHERE status = 'completed'";
  await waitUntil('every run to end', () => read(completed).length >= MESSAGES);
  last.child.stdin?.end();
  await last.ended;
  await project.reopen(false);
  return project.call('queue.messages', { limit: 1_000 });
}

function requireOnce(messages: readonly Ended[], sent: readonly string[]): void {
  expect(messages.filter(({ status }) => status !== 'completed')).toEqual([]);
  expect(messages.map(({ id }) => id).sort()).toEqual(sent.toSorted());
  const runs = read<{ run_id: string; start_key: string; status: string }>(
    'SELECT run_id, start_key, status FROM runs',
  );
  expect(runs.filter(({ status }) => status !== 'completed')).toEqual([]);
  const runOf = new Map(runs.map(({ run_id, start_key }) => [start_key, run_id]));
  expect(runs).toHaveLength(MESSAGES);
  expect(messages.filter(({ id, runId }) => runOf.get(`queue:${id}`) !== runId)).toEqual([]);
}

describe.each(Object.entries(PLACES))('kill -9 of the worker of a queue of type %s', (_type, place) => {
  it('at each place of a message’s way: every message is done once, by one run', async () => {
    await openProject(place);
    const sent = await sendAll();
    for (const death of DEATHS) await launchAndDie(death);
    requireOnce(await finish(), sent);
  });
});

/** Places around the commit of a run's failed end: what the store says of the run of whoever died there. */
const DEATHS_AT_END = {
  'journal.beforeCommit:2': 'running',
  'journal.afterCommit:2': 'failed',
  'queue.runEnded:1': 'failed',
  'queue.settled:1': 'failed',
};

/** Fails the first time for each id, and may be done again. */
function addFlaky(): void {
  const tries = project.write('tries.txt', '');
  const head = '---\nworkflow: {id: flaky, name: Flaky}\ninputs: {id: {type: string, required: true}}\n---\n';
  const step = 'action: probe.run\ninputs: {say: "{{ inputs.id }}"}\nidempotent: true\nretry: {max_retries: 0}';
  project.write('.aiworkflow/bundles/flaky/workflow.md', `${head}\n## Step 1: Try\n\n\`\`\`yaml\n${step}\n\`\`\`\n`);
  project.write(
    '.aiworkflow/bundles/flaky/tools/probe.sh',
    `#!/usr/bin/env bash\necho "$1" >> ${tries}\n[ "$(grep -cxe "$1" ${tries})" -ge 2 ]\n`,
  );
}

describe.each(Object.entries(PLACES))('kill -9 of the worker of a queue of type %s', (_type, place) => {
  it('at each place of the end of a failed run: its retry is asked, and runs', async () => {
    await openProject(place);
    addFlaky();
    for (const [death, expected] of Object.entries(DEATHS_AT_END)) {
      await project.call('queue.publish', { workflow: 'flaky', payload: { id: death } });
      await project.leave();
      await launchAndDie(death);
      killHelpers(project.path);
      const [{ status = 'none' } = {}] = read<{ status: string }>(
        'SELECT status FROM runs ORDER BY run_no DESC LIMIT 1',
      );
      expect([death, status]).toEqual([death, expected]);
      const next = await launch();
      const open = "SELECT 1 FROM runs WHERE status <> 'completed'";
      await waitUntil('the run to be done again', () => read(open).length === 0);
      next.child.stdin?.end();
      await next.ended;
      await project.reopen(false);
    }
    const messages = await project.call('queue.messages', {});
    expect(messages.map(({ status }) => status)).toEqual(Object.keys(DEATHS_AT_END).map(() => 'completed'));
    expect(read('SELECT 1 FROM runs')).toHaveLength(messages.length);
  });
});

describe.each(Object.entries(PLACES).filter(([type]) => type !== 'local'))(
  'kill -9 of the server, %s',
  (_type, place) => {
    it('while its messages are run: every message is done once, by one run', async () => {
      await openProject(place);
      const sent = await sendAll();
      const host = await launch();
      await waitUntil('the first run to end', () => read("SELECT 1 FROM runs WHERE status = 'completed'").length > 0);
      await server?.stop('SIGKILL');
      await server?.start();
      await waitUntil(
        'every run to end',
        () => read("SELECT 1 FROM runs WHERE status = 'completed'").length >= MESSAGES,
      );
      host.child.stdin?.end();
      await host.ended;
      requireOnce(await finish(), sent);
    });
  },
);
