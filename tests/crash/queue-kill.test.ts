import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { projectPaths } from '../../src/core/projects/index.ts';
import { killHelpers } from '../support/kill-helpers.ts';
import { waitUntil } from '../support/wait-until.ts';
import { endHosts, launchWebhookHost } from '../support/webhook-hosts.ts';
import { SECRETS, WebhookProject } from '../support/webhook-project.ts';

/** SPEC §8: no message is lost and none runs twice, wherever the process that works on the queue is killed. */
const MESSAGES = 30;
/** Each life ends there; the last one goes on to the end. */
const DEATHS = ['queue.claimed:3', 'queue.runStarted:5', 'queue.runEnded:4', 'queue.settled:6'];

let project: WebhookProject;
beforeEach(() => {
  // What the host that is killed listens for: nothing comes.
  project = new WebhookProject(SECRETS, ['queue: {concurrency: 4}']);
  project.addWebhook('greet', 'path: /hook, scheme: generic, secret: HOOK_SECRET');
});
afterEach(async () => {
  endHosts();
  killHelpers(project.path);
  await project.close();
});

function read<T>(sql: string): readonly T[] {
  const db = new Database(projectPaths(project.path).storeFile, { readonly: true });
  try {
    return db.prepare(sql).all() as T[];
  } finally {
    db.close();
  }
}

const launch = (env: Readonly<Record<string, string>> = {}) => launchWebhookHost(project.path, 'greet/hook', env);

describe('kill -9 of the worker', () => {
  it('at each place of a message’s way: every message is done once, by one run', async () => {
    await project.reopen(false);
    const sent: string[] = [];
    for (let at = 0; at < MESSAGES; at += 1) {
      const priority = at % 2 === 0 ? 'normal' : 'high';
      sent.push((await project.call('queue.publish', { workflow: 'greet', priority })).message.id);
    }
    await project.leave();
    // It may be gone before it says where it listens.
    for (const place of DEATHS)
      await launch({ AIWORKFLOW_FAILPOINT: place }).then(
        ({ ended }) => ended,
        () => undefined,
      );
    const last = await launch();
    const open = "SELECT id FROM queue_messages WHERE status IN ('pending', 'processing')";
    await waitUntil('the queue to be empty', () => read(open).length === 0);
    last.child.stdin?.end();
    await last.ended;
    const messages = read<{ id: string; status: string; run_id: string }>(
      'SELECT id, status, run_id FROM queue_messages',
    );
    expect(messages.filter(({ status }) => status !== 'completed')).toEqual([]);
    expect(messages.map(({ id }) => id).sort()).toEqual(sent.toSorted());
    const runs = read<{ run_id: string; start_key: string; status: string }>(
      'SELECT run_id, start_key, status FROM runs',
    );
    expect(runs.filter(({ status }) => status !== 'completed')).toEqual([]);
    const runOf = new Map(runs.map(({ run_id, start_key }) => [start_key, run_id]));
    expect(runs).toHaveLength(MESSAGES);
    expect(messages.filter(({ id, run_id }) => runOf.get(`queue:${id}`) !== run_id)).toEqual([]);
  });
});
