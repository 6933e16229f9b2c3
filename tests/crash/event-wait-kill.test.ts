import { createHmac } from 'node:crypto';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { projectPaths } from '../../src/core/projects/index.ts';
import { killHelpers } from '../support/kill-helpers.ts';
import { waitUntil } from '../support/wait-until.ts';
import { endHosts, launchWebhookHost } from '../support/webhook-hosts.ts';
import { SECRETS, WebhookProject } from '../support/webhook-project.ts';

/** SPEC §1.4 `wait: {event}`: whenever the process is killed, a stored delivery lets the run go on that waits for it, once, and starts no other. */
const TICKETS = 6;

let project: WebhookProject;
beforeEach(() => {
  project = new WebhookProject(SECRETS);
  const trigger = 'type: webhook, id: hook, path: /done, scheme: generic, secret: HOOK_SECRET, rate_limit: 1000/s';
  project.addWorkflow(
    'deploy',
    [
      ['id: w', 'wait: {event: /done, match: "payload.ticket == inputs.ticket"}'],
      ['action: workflow.set', 'inputs: {is_done: true}'],
    ],
    [
      'triggers:',
      `  - {${trigger}, inputs: {ticket: "{{ trigger.payload.ticket }}"}}`,
      'inputs: {ticket: {type: string}}',
    ],
  );
});
afterEach(async () => {
  endHosts();
  killHelpers(project.path);
  await project.close();
});

async function send(url: string, ticket: number, word: 'begin' | 'go'): Promise<string | undefined> {
  const body = JSON.stringify({ ticket: String(ticket), word });
  const signature = createHmac('sha256', SECRETS.HOOK_SECRET).update(body).digest('hex');
  const headers = { 'X-Signature': signature, 'X-Delivery-Id': `${word}-${ticket}` };
  const answer = await fetch(`${url}/done`, { method: 'POST', headers, body });
  if (answer.status !== 200) throw new Error(`${answer.status}`);
  return ((await answer.json()) as { result?: { run_id: string } }).result?.run_id;
}

function read<T>(sql: string): readonly T[] {
  const db = new Database(projectPaths(project.path).storeFile, { readonly: true });
  try {
    return db.prepare(sql).all() as T[];
  } finally {
    db.close();
  }
}
const countOf = (status: string): number =>
  read<{ n: number }>(`SELECT count(*) AS n FROM runs WHERE status = '${status}'`)[0]?.n ?? 0;

describe('kill -9 while deliveries come that runs wait for', () => {
  it.each([1, 2, 3])('at the %ith commit of a run', async (hit) => {
    const tickets = Array.from({ length: TICKETS }, (_, at) => at);
    const first = await launchWebhookHost(project.path, 'deploy/hook');
    const begun = await Promise.all(tickets.map((ticket) => send(first.url, ticket, 'begin')));
    await waitUntil('every run to wait', () => countOf('waiting') === TICKETS);
    first.child.kill('SIGKILL');
    await first.ended;

    const env = { AIWORKFLOW_FAILPOINT: `journal.beforeCommit:${hit}` };
    const second = await launchWebhookHost(project.path, 'deploy/hook', env);
    await Promise.all(tickets.map((ticket) => send(second.url, ticket, 'go').catch(() => undefined)));
    await second.ended;

    const last = await launchWebhookHost(project.path, 'deploy/hook');
    // What nobody answered is sent again: it may have been stored all the same.
    const told = await Promise.all(tickets.map((ticket) => send(last.url, ticket, 'go')));
    await waitUntil('every run to complete', () => countOf('completed') === TICKETS);
    last.child.stdin?.end();
    await last.ended;
    expect(told.every((runId, at) => runId === undefined || runId === begun[at])).toBe(true);
    expect(
      read<{ run_id: string }>('SELECT run_id FROM runs')
        .map(({ run_id }) => run_id)
        .sort(),
    ).toEqual(begun.sort());
    const kept = read<{ external_id: string; run_id: string }>(
      "SELECT external_id, run_id FROM deliveries WHERE state = 'started' AND external_id LIKE 'go-%'",
    );
    expect(kept).toHaveLength(TICKETS);
  });
});
