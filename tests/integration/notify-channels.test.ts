import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LocalProject } from '../support/local-project.ts';
import { startModelServer } from '../support/model-server/index.ts';
import { waitUntil } from '../support/wait-until.ts';

/** SPEC §1.6 `notify`, §14 `monitoring.alert_channels`. */
let project: LocalProject;
let server: Server;
let url: string;
let status = 200;
const heard: unknown[] = [];
const signed: (readonly [string, IncomingHttpHeaders])[] = [];
beforeEach(async () => {
  heard.length = 0;
  signed.length = 0;
  status = 200;
  server = createServer((request, response) => {
    let text = '';
    request.on('data', (piece) => {
      text += String(piece);
    });
    request.on('end', () => {
      heard.push(JSON.parse(text));
      signed.push([text, request.headers]);
      response.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  project = new LocalProject([`monitoring: {alert_channels: [{name: ops, webhook: "${url}"}]}`]);
});
afterEach(async () => {
  await project.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const FAIL = ['action: workflow.fail', 'inputs: {message: "No letters today"}'];
const add = (onError: string, to = project): void =>
  to.addWorkflow('letters', [[...FAIL, `on_error: ${onError}`], ['action: workflow.noop']]);

describe('notify', () => {
  it('tells a webhook of the settings, once, with the words of the workflow', async () => {
    add('{notify: {channel: ops, text: "{{ error.message }} in {{ error.step_id }}"}}');
    const runId = await project.run('letters');
    await waitUntil('it was told', () => heard.length > 0);
    expect(heard).toEqual([
      {
        ...{ event: 'step.failed', run_id: runId, workflow_id: 'letters', workflow_name: 'letters', step: 'step_1' },
        error: { code: expect.any(String), message: 'No letters today' },
        ...{ text: 'No letters today in step_1', at: expect.any(String) },
      },
    ]);
  });

  it('is told before the project is closed', async () => {
    add('{action: continue, notify: ops}');
    await project.run('letters');
    await project.reopen();
    expect(heard).toMatchObject([{ text: "Step 'step_1' failed: No letters today" }]);
  });

  it('that was not taken leaves a line in the log and changes nothing else', async () => {
    status = 503;
    add('{action: continue, notify: ops}');
    const runId = await project.run('letters');
    const lines = async () => (await project.call('runs.log', { runId, from: 1, limit: 10 })).lines;
    await waitUntil('it is said', async () => (await lines()).length > 0);
    expect(await lines()).toMatchObject([
      { level: 'warning', text: "The notice to 'ops' could not be delivered: It answered with HTTP 503." },
    ]);
    expect((await project.call('runs.get', { runId })).run.status).toBe('completed');
    expect(heard).toHaveLength(1);
  });

  it('is shown on the desktop of a host that has one, a long text shortened, at the screen of its run', async () => {
    const withDesktop = new LocalProject([], { showsNotices: true });
    try {
      const shown: unknown[] = [];
      (await withDesktop.center()).onNotice((notice) => shown.push(notice));
      add(`{notify: {channel: desktop, text: "{{ error.message }}: ${'x'.repeat(300)}"}}`, withDesktop);
      const runId = await withDesktop.run('letters');
      await waitUntil('it is shown', () => shown.length > 0);
      expect(shown).toEqual([
        {
          title: 'letters: a step has failed',
          text: expect.stringMatching(/^No letters today: x{222}…$/),
          path: `/runs/${runId}`,
          kind: 'run_failed',
          isUrgent: false,
        },
      ]);
    } finally {
      await withDesktop.close();
    }
  });

  it.each(['desktop', 'mail.send', 'https://elsewhere.example/hook'])(
    'to %s, which is not set up here, is refused at the start with its place',
    async (channel) => {
      add(`{notify: "${channel}"}`);
      await expect(project.run('letters')).rejects.toMatchObject({
        code: 'notify.not_set_up',
        message: expect.stringContaining(`The channel '${channel}' of 'notify' is not set up here.`),
        details: { problems: [{ line: expect.any(Number), step: 'step_1' }] },
      });
      expect((await project.call('runs.list', {})).runs).toEqual([]);
    },
  );
});

it('tells every webhook of a limit of spending whose action is that, once a level, and holds nobody back', async () => {
  const model = await startModelServer();
  try {
    model.script(() => ({ text: 'Done.', usage: { inputTokens: 1000, outputTokens: 500, cachedTokens: 0 } }));
    project.write(
      'aiworkflow.yaml',
      [
        'version: "1.0"',
        `monitoring: {alert_channels: [{name: ops, webhook: "${url}"}]}`,
        `agent: {primary: openai, configs: {openai: {api_base_url: "${model.openAiUrl}", model: gpt-4o}}}`,
      ].join('\n'),
    );
    const ask = ['action: agent.run', 'inputs: {prompt: "Say that it is done."}'];
    project.addWorkflow('three', [ask, ask, ask]);
    await project.call('costs.setLimit', {
      ...{ name: 'x', max_cost: '0.01', period: null, timezone: 'UTC', scope: 'global', scope_id: null },
      ...{ alert_threshold: 70, action_on_limit: 'notify', allow_unpriced: false },
    });
    // $0.0075 a call.
    const runId = await project.run('three');
    await waitUntil('both levels were told', () => heard.length === 2);
    expect((await project.call('runs.get', { runId })).run.status).toBe('completed');
    const common = { event: 'cost.limit', limit: 'x', max_cost: '0.01', run_id: runId, workflow_id: 'three' };
    expect(heard).toEqual([
      {
        ...common,
        ...{ level: 'warning', spent: '0.0075', at: expect.any(String) },
        text: "Cost limit 'x' at 75.0%: $0.0075 / $0.0100",
      },
      {
        ...common,
        ...{ level: 'critical', spent: '0.015', at: expect.any(String) },
        text: "Cost limit 'x' at 150.0%: $0.0150 / $0.0100",
      },
    ]);
  } finally {
    await model.close();
  }
});

/** SPEC §12.2, handlers: every channel of the settings hears what becomes of a request. */
describe('a request for a decision', () => {
  const SECRET = 'a secret of the chat';
  let asking: LocalProject;
  const shown: { readonly title: string; readonly text: string; readonly path: string }[] = [];
  beforeEach(async () => {
    shown.length = 0;
    asking = new LocalProject(
      [
        `monitoring: {alert_channels: [desktop, log, {name: ops, webhook: "${url}", secret: "env:CHAT_SECRET"}]}`,
        'governance: {approve_high_risk: true}',
      ],
      { showsNotices: true },
    );
    asking.write('.env', `CHAT_SECRET=${SECRET}\n`);
    (await asking.center()).onNotice((notice) => shown.push(notice));
  });
  afterEach(() => asking.close());
  const told = () => waitUntil('both are told', () => heard.length === 2 && shown.length === 2);

  it('of a run is told to the desktop, to a signed webhook and in the log of the run', async () => {
    asking.addWorkflow('letter', [['approval: {title: Send it?}'], ['action: workflow.noop']]);
    const runId = await asking.run('letter');
    const { approvals } = await asking.call('approvals.list', {});
    const { id, hash } = await asking.call('approvals.get', { id: approvals[0]?.id ?? '' });
    await asking.call('approvals.approve', { id, hash, comment: 'fine' });
    await asking.settled();
    await told();
    const common = { id, type: 'step', title: 'Send it?', workflow_id: 'letter', run_id: runId, step_id: 'step_1' };
    expect(heard).toMatchObject([
      { ...common, event: 'approval.requested', text: 'Approval requested: Send it? by tester' },
      { ...common, event: 'approval.approved', text: 'Approval granted: Send it? by tester', comment: 'fine' },
    ]);
    const asked = { title: 'letter', path: `/approvals?id=${id}`, kind: 'approval', isUrgent: true };
    expect(shown).toEqual([
      { ...asked, text: 'Approval requested: Send it? by tester' },
      { ...asked, text: 'Approval granted: Send it? by tester' },
    ]);
    const { lines } = await asking.call('runs.log', { runId, from: 1, limit: 10 });
    expect(lines.map(({ text }) => text)).toEqual(shown.map(({ text }) => text));
    for (const [text, headers] of signed)
      expect(headers['x-signature']).toBe(createHmac('sha256', SECRET).update(text).digest('hex'));
    expect(new Set(signed.map(([, headers]) => headers['x-delivery-id'])).size).toBe(2);
  });

  it('is signed with a stored secret that is allowed to the channel, and not sent where it is not', async () => {
    const storing = new LocalProject([
      `monitoring: {alert_channels: [log, {name: ops, webhook: "${url}", secret: CHAT_SECRET}]}`,
      'security: {credential_store: file}',
    ]);
    try {
      await storing.call('secrets.set', { name: 'CHAT_SECRET', value: 'kept in the store' });
      expect((await storing.call('secrets.list', {})).secrets).toMatchObject([{ usedBy: ['channel:ops'] }]);
      storing.addWorkflow('letter', [['approval: {title: Send it?}']]);
      const runId = await storing.run('letter');
      const texts = async () =>
        (await storing.call('runs.log', { runId, from: 1, limit: 10 })).lines.map((one) => one.text);
      await expect.poll(texts).toContainEqual(expect.stringMatching(/'ops' could not be delivered: .* not sent/));
      expect(heard).toEqual([]);
      await storing.call('secrets.edit', { name: 'CHAT_SECRET', allow: ['channel:ops'] });
      await storing.call('runs.cancel', { runId });
      await waitUntil('it is told', () => heard.length > 0);
      const [[text, headers] = ['', {}]] = signed;
      expect(headers['x-signature']).toBe(createHmac('sha256', 'kept in the store').update(text).digest('hex'));
    } finally {
      await storing.close();
    }
  });

  it('of a person is told too, also what ends it without a decision', async () => {
    asking.addWorkflow('pay', [['action: workflow.noop']], ['risk_level: high']);
    const { id } = await asking.call('approvals.request', { asked: { kind: 'run', workflow: 'pay' } });
    await asking.call('approvals.cancel', { id });
    await told();
    expect(heard).toMatchObject([
      { event: 'approval.requested', type: 'workflow_start', kind: 'run', run_id: null },
      { event: 'approval.cancelled', text: 'Approval cancelled: Start pay by tester' },
    ]);
  });
});
