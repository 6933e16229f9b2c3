import Database from 'better-sqlite3';
import { Webhook } from 'standardwebhooks';
import { afterEach, describe, expect, it } from 'vitest';
import { projectPaths } from '../../src/core/projects/index.ts';
import { GITHUB, github, hex, SECRETS, type Sent, WebhookProject } from '../support/webhook-project.ts';

/** SPEC §7.3: what senders sign is taken once, anything else starts nothing, and every delivery has its row. */
let project: WebhookProject;
afterEach(() => project.close());

async function open(trigger: string, inputs?: string, env: Readonly<Record<string, string>> = SECRETS): Promise<void> {
  project = new WebhookProject(env);
  project.addWebhook('greet', trigger, inputs);
  await project.arm('greet/hook');
  await project.listen();
}

const { HOOK_SECRET, SLACK_SECRET, STANDARD_SECRET } = SECRETS;

describe('a signed delivery', () => {
  it('of GitHub starts one run with what came, under the id that the sender was told', async () => {
    await open(GITHUB, '{said: "{{ trigger.event }} {{ trigger.payload.number }} {{ trigger.delivery_id }}"}');
    const heard = await project.send(await github('{"action":"opened","number":7}', 'd-1'));
    expect(heard).toEqual({
      status: 200,
      body: {
        status: 'accepted',
        event_id: 'd-1',
        result: {
          workflow_id: 'greet',
          run_id: expect.stringMatching(/^greet-\d{8}-\d{6}-[0-9a-f]{8}$/),
          queued: true,
        },
      },
    });
    const { run_id: runId } = (heard.body as { result: { run_id: string } }).result;
    expect(await project.outputsOf(runId)).toEqual({ said: 'pull_request.opened 7 d-1' });
    await project.settled();
    const [row] = await project.deliveries();
    expect(row).toMatchObject({
      ...{ endpoint: '/hook', event: 'pull_request.opened', title: '#7', state: 'started', verdict: 'valid', runId },
      ...{ method: 'POST', sourceIp: '127.0.0.1', bodyBytes: 30 },
    });
    const detail = await project.call('deliveries.get', { id: row?.id ?? '' });
    expect(detail.bodyText).toBe('{"action":"opened","number":7}');
    expect(detail.checks.map(({ name, isPassed }) => [name, isPassed])).toEqual([
      ['signature', true],
      ['event', true],
      ['start', true],
    ]);
    expect(detail.checks[0]?.detail).toBe('github, secret HOOK_SECRET');
    expect(JSON.stringify(detail)).not.toMatch(/do-not-keep-me|sha256=[0-9a-f]|hook secret/);
    expect(await project.runs()).toMatchObject([{ runId, trigger: 'webhook', actor: 'system:webhook' }]);
  });

  it('of standard webhooks, Slack and a plain sender is taken', async () => {
    project = new WebhookProject(SECRETS);
    project.addWebhook('one', 'path: /one, scheme: standard, secret: STANDARD_SECRET');
    project.addWebhook('two', 'path: /two, scheme: slack, secret: SLACK_SECRET');
    project.addWebhook('three', 'path: /three, secret: [OLD_SECRET, HOOK_SECRET]');
    project.write(
      '.env',
      Object.entries({ ...SECRETS, OLD_SECRET: 'old one' })
        .map((pair) => pair.join('='))
        .join('\n'),
    );
    for (const id of ['one', 'two', 'three']) await project.arm(`${id}/hook`);
    await project.listen();
    const now = new Date();
    const seconds = String(Math.floor(now.getTime() / 1000));
    const body = '{"type":"invoice.paid","n":1.0}\r\n';
    const standard: Sent = {
      ...{ path: '/one', body },
      headers: [
        ['webhook-id', 'msg_1'],
        ['webhook-timestamp', seconds],
        ['webhook-signature', new Webhook(STANDARD_SECRET).sign('msg_1', new Date(Number(seconds) * 1000), body)],
      ],
    };
    const slackBody = '{"type":"event_callback","event_id":"Ev1","event":{"type":"app_mention"}}';
    const slack: Sent = {
      ...{ path: '/two', body: slackBody },
      headers: [
        ['X-Slack-Request-Timestamp', seconds],
        ['X-Slack-Signature', `v0=${hex(`v0:${seconds}:${slackBody}`, SLACK_SECRET)}`],
      ],
    };
    const plain: Sent = {
      path: '/three',
      body,
      headers: [
        ['X-Signature', hex(body)],
        ['X-Delivery-Id', 'p-1'],
      ],
    };
    for (const [sent, id] of [
      [standard, 'msg_1'],
      [slack, 'Ev1'],
      [plain, 'p-1'],
    ] as const)
      expect(await project.send(sent)).toMatchObject({ status: 200, body: { status: 'accepted', event_id: id } });
    for (const sent of [standard, slack, plain])
      expect((await project.send(sent)).body).toMatchObject({ duplicate: true });
    await project.settled();
    expect((await project.deliveries()).map(({ event, state }) => `${event} ${state}`)).toEqual([
      'invoice.paid duplicate',
      'app_mention duplicate',
      'invoice.paid duplicate',
      'invoice.paid started',
      'app_mention started',
      'invoice.paid started',
    ]);
    expect(await project.runs()).toHaveLength(3);
  });

  it('may hold BOM, CRLF and numbers as they are written; bytes that are no text are signed and no JSON', async () => {
    await open('path: /hook, scheme: generic, secret: HOOK_SECRET', '{said: "{{ trigger.payload.a }}"}');
    const send = (body: Uint8Array) => project.send({ body, headers: [['X-Signature', hex(body)]] });
    const good = [
      Buffer.from('\ufeff{"a":1.0}'),
      Buffer.from('{\r\n"a":2}\r\n'),
      Buffer.from('{"a":12345678901234567890}'),
    ];
    for (const body of good) expect((await send(body)).status).toBe(200);
    const bad = Buffer.from([0x7b, 0xff, 0x7d]);
    expect(await send(bad)).toEqual({ status: 400, body: { error: 'Invalid JSON' } });
    await project.settled();
    const said = await Promise.all((await project.runs()).map(({ runId }) => project.outputsOf(runId)));
    expect(said.map((one) => (one as { said: string }).said).sort()).toEqual(['1', '12345678901234567890', '2']);
    const rejected = (await project.deliveries()).find(({ state }) => state === 'rejected');
    expect(rejected).toMatchObject({ reason: 'The body is not JSON.', verdict: 'valid' });
  });

  it('that answers whether an address is ours tells Slack, and starts nothing', async () => {
    await open('path: /hook, scheme: slack, secret: SLACK_SECRET');
    const seconds = String(Math.floor(Date.now() / 1000));
    const body = '{"type":"url_verification","challenge":"3eZbrw1a"}';
    const sign = (secret: string): Sent => ({
      body,
      headers: [
        ['X-Slack-Request-Timestamp', seconds],
        ['X-Slack-Signature', `v0=${hex(`v0:${seconds}:${body}`, secret)}`],
      ],
    });
    expect(await project.send(sign(SLACK_SECRET))).toEqual({ status: 200, body: { challenge: '3eZbrw1a' } });
    expect((await project.send(sign('other'))).status).toBe(401);
    expect(await project.runs()).toEqual([]);
  });
});

describe('what is not taken', () => {
  it('hears the words of the specification, in its order', async () => {
    await open(`${GITHUB}, events: [pull_request.opened], methods: [POST], rate_limit: 4/h`);
    project.addWebhook('off', 'path: /off, enabled: false, secret: HOOK_SECRET');
    await project.call('webhooks.list', {});
    const opened = await github('{"action":"opened"}', 'd-1');
    const hear = async (sent: Sent): Promise<unknown> => Object.values(await project.send(sent));
    expect(await hear({ ...opened, path: '/hook/' })).toEqual([404, { error: 'Endpoint not found' }]);
    expect(await hear({ ...opened, path: '/HOOK' })).toEqual([404, { error: 'Endpoint not found' }]);
    expect(await hear({ ...opened, path: '/off' })).toEqual([503, { error: 'Endpoint is disabled' }]);
    expect(await hear({ ...opened, method: 'PUT' })).toEqual([405, { error: 'Method PUT not allowed' }]);
    const large = await github(`"${'a'.repeat(1024 * 1024)}"`, 'd-2');
    expect(await hear(large)).toEqual([413, { error: 'Body too large' }]);
    expect(await hear({ ...opened, body: '{"action":"opened" }' })).toEqual([401, { error: 'Invalid signature' }]);
    expect(await hear(await github('{"action"', 'd-3'))).toEqual([400, { error: 'Invalid JSON' }]);
    expect(await hear(await github('{"action":"closed"}', 'd-4'))).toEqual([202, { status: 'ignored' }]);
    expect(await hear({ ...opened, path: '/hook?from=here' })).toMatchObject([200, { status: 'accepted' }]);
    expect(await hear(opened)).toEqual([429, { error: 'Rate limit exceeded' }]);
    await project.settled();
    const seen = (await project.deliveries()).map(({ endpoint, state, reason }) => [endpoint, state, reason]);
    expect(seen.reverse()).toEqual([
      ['/off', 'rejected', 'Its definition says enabled: false.'],
      ['/hook', 'rejected', 'PUT is not one of POST.'],
      ['/hook', 'rejected', 'The body is larger than 1 MiB.'],
      ['/hook', 'rejected', 'None of the secrets of this endpoint made the signature.'],
      ['/hook', 'rejected', 'The body is not JSON.'],
      ['/hook', 'ignored', 'The event is not on the list: pull_request.closed.'],
      ['/hook', 'started', null],
      ['/hook', 'rejected', 'More than 4 came within an hour.'],
    ]);
    expect(await project.runs()).toHaveLength(1);
  });

  it('because of a clock says how far it is off', async () => {
    await open('path: /hook, scheme: standard, secret: STANDARD_SECRET');
    const at = new Date(Math.floor(Date.now() / 1000) * 1000 - 12 * 60_000);
    const headers = [
      ['webhook-id', 'msg_1'],
      ['webhook-timestamp', String(at.getTime() / 1000)],
      ['webhook-signature', new Webhook(STANDARD_SECRET).sign('msg_1', at, '{}')],
    ] as const;
    expect(await project.send({ body: '{}', headers })).toEqual({ status: 401, body: { error: 'Invalid signature' } });
    const [row] = await project.deliveries();
    expect(row).toMatchObject({
      state: 'rejected',
      verdict: 'stale',
      reason: expect.stringContaining('12 min behind'),
    });
  });

  it('is flooded: few refusals are kept, each is told', async () => {
    await open(`${GITHUB}, rate_limit: 1000/s`);
    const forged = await github('{}', 'd-1', { event: 'push', secret: 'wrong' });
    const heard = await Promise.all(Array.from({ length: 60 }, () => project.send({ ...forged, method: 'PUT' })));
    expect(new Set(heard.map(({ status }) => status))).toEqual(new Set([405]));
    expect(await project.deliveries()).toHaveLength(10);
  });
});

describe('one delivery', () => {
  it('starts one run, however often and at once it comes, for 72 h after it was started or filtered', async () => {
    await open(`${GITHUB}, events: [push], rate_limit: 1000/s`);
    const push = await github('{"ref":"main"}', 'd-1', { event: 'push' });
    const heard = await Promise.all(Array.from({ length: 12 }, () => project.send(push)));
    expect(heard.map(({ status }) => status)).toEqual(Array(12).fill(200));
    expect(heard.filter(({ body }) => !(body as { duplicate?: boolean }).duplicate)).toHaveLength(1);
    const other = await github('{}', 'd-2', { event: 'star' });
    expect(await project.send(other)).toEqual({ status: 202, body: { status: 'ignored' } });
    expect((await project.send(other)).body).toEqual({ status: 'accepted', event_id: 'd-2', duplicate: true });
    await project.settled();
    expect(await project.runs()).toHaveLength(1);
    await project.reopen();
    await project.listen();
    expect((await project.send(push)).body).toEqual({ status: 'accepted', event_id: 'd-1', duplicate: true });
    expect(await project.runs()).toHaveLength(1);
  });

  it('of a sender without ids is known by its bytes for 10 s', async () => {
    await open('path: /hook, scheme: generic, secret: HOOK_SECRET');
    const send = (body: string) => project.send({ body, headers: [['X-Signature', hex(body)]] });
    expect((await send('{"a":1}')).body).not.toHaveProperty('duplicate');
    expect((await send('{"a":1}')).body).toHaveProperty('duplicate', true);
    expect((await send('{"a":2}')).body).not.toHaveProperty('duplicate');
    await project.settled();
    expect(await project.runs()).toHaveLength(2);
  });

  it('that was refused starts one run once the secret is mended: sent again, or played again by hand', async () => {
    await open(GITHUB, undefined, { HOOK_SECRET: 'mistyped' });
    const [first, second] = [await github('{"action":"opened"}', 'd-1'), await github('{"action":"closed"}', 'd-2')];
    for (const sent of [first, second]) expect((await project.send(sent)).status).toBe(401);
    const [row] = await project.deliveries();
    const id = row?.id ?? '';
    await expect(project.call('deliveries.redeliver', { id })).rejects.toMatchObject({ code: 'delivery.unsigned' });
    expect(await project.runs()).toEqual([]);
    project.write('.env', `HOOK_SECRET=${HOOK_SECRET}`);
    await project.reopen();
    await project.listen();
    expect((await project.send(first)).body).toMatchObject({ status: 'accepted', event_id: 'd-1' });
    const played = await project.call('deliveries.redeliver', { id });
    expect(played).toMatchObject({ state: 'started', event: 'pull_request.closed', verdict: 'valid' });
    await project.settled();
    expect(await project.runs()).toHaveLength(2);
    expect(await project.outputsOf(played.runId ?? '')).toEqual({ said: 'pull_request.closed' });
    expect((await project.send(first)).body).toHaveProperty('duplicate', true);
    expect(await project.runs()).toHaveLength(2);
  });

  it('is kept without its body after 30 days', async () => {
    await open(GITHUB);
    const sent = await github('{"action":"opened","note":"for a month"}', 'd-1');
    await project.send(sent);
    await project.settled();
    const db = new Database(projectPaths(project.path).storeFile);
    db.prepare('UPDATE deliveries SET received_at = received_at - 31 * 86400000').run();
    db.close();
    await project.reopen();
    const [row] = await project.deliveries();
    const id = row?.id ?? '';
    const detail = await project.call('deliveries.get', { id });
    expect(detail).toMatchObject({ state: 'started', bodyText: null, bodyBytes: 40 });
    expect(JSON.stringify(detail)).not.toContain('for a month');
    await expect(project.call('deliveries.redeliver', { id })).rejects.toMatchObject({ code: 'delivery.body_gone' });
  });

  it('becomes the inputs of a start by hand', async () => {
    await open(GITHUB);
    await project.send(await github('{"action":"opened"}', 'd-1'));
    await project.settled();
    const id = (await project.deliveries())[0]?.id ?? '';
    expect(await project.call('deliveries.inputs', { id })).toEqual({
      workflow: 'greet',
      inputs: { said: 'pull_request.opened' },
    });
    expect(await project.runs()).toHaveLength(1);
  });

  it('is played again against the version that is named', async () => {
    await open(GITHUB);
    const heard = await project.send(await github('{"action":"opened"}', 'd-1'));
    const { run_id: runId } = (heard.body as { result: { run_id: string } }).result;
    await project.outputsOf(runId);
    await project.settled();
    const before = (await project.runs())[0]?.versionHash ?? '';
    project.addWorkflow(
      'greet',
      [['action: workflow.set_outputs', 'inputs:', '  said: "second version"']],
      [
        'triggers:',
        `  - {type: webhook, id: hook, ${GITHUB}, inputs: {said: "{{ trigger.event }}"}}`,
        'inputs:',
        '  said: {type: string, default: nothing}',
      ],
    );
    await project.arm('greet/hook');
    const [row] = await project.deliveries();
    const id = row?.id ?? '';
    const now = await project.call('deliveries.redeliver', { id });
    expect(await project.outputsOf(now.runId ?? '')).toEqual({ said: 'second version' });
    const old = await project.call('deliveries.redeliver', { id, versionHash: before });
    expect(await project.outputsOf(old.runId ?? '')).toEqual({ said: 'pull_request.opened' });
  });
});
