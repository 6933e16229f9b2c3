import { afterEach, describe, expect, it } from 'vitest';
import { waitUntil } from '../support/wait-until.ts';
import { GITHUB, github, hex, SECRETS, WebhookProject } from '../support/webhook-project.ts';

/** SPEC §7.3: which webhook is served where, and why one is not. */
let project: WebhookProject;
afterEach(() => project.close());

async function open(trigger: string): Promise<void> {
  project = new WebhookProject(SECRETS);
  project.addWebhook('greet', trigger);
  await project.arm('greet/hook');
  await project.listen();
}

describe('an endpoint', () => {
  it('is not served without its secret, and says why', async () => {
    project = new WebhookProject({});
    project.addWebhook('greet', GITHUB);
    project.addWebhook('open', 'path: /open');
    for (const key of ['greet/hook', 'open/hook']) await project.arm(key);
    const { endpoints, listening } = await project.call('webhooks.list', {});
    expect(listening).toBeNull();
    expect(endpoints.map(({ status, reason }) => [status, reason])).toEqual([
      ['unavailable', expect.stringContaining('The secret HOOK_SECRET is not set.')],
      ['unavailable', expect.stringContaining('No secret is written')],
    ]);
  });

  it('takes a stored secret that its workflow is allowed; another value counts at once', async () => {
    project = new WebhookProject({}, ['security: {credential_store: file}']);
    project.addWebhook('greet', 'path: /hook, scheme: generic, secret: HOOK_SECRET');
    const body = '{"a":1}';
    const sent = async (secret: string) =>
      (await project.send({ body, headers: [['X-Signature', hex(body, secret)]] })).status;
    const reason = async () => (await project.call('webhooks.list', {})).endpoints[0]?.reason;
    await project.arm('greet/hook');
    await project.call('secrets.set', { name: 'HOOK_SECRET', value: 'stored value 1' });
    expect(await reason()).toContain("The workflow 'greet' may not use the secret HOOK_SECRET.");
    await project.call('secrets.edit', { name: 'HOOK_SECRET', allow: ['greet'] });
    expect(await reason()).toBeNull();
    await project.listen();
    expect(await sent('stored value 1')).toBe(200);
    await project.call('secrets.rotate', { name: 'HOOK_SECRET', value: 'stored value 2' });
    expect(await reason()).toBeNull();
    expect(await sent('stored value 1')).toBe(401);
    expect(await sent('stored value 2')).toBe(200);
    expect((await project.call('secrets.list', {})).secrets).toMatchObject([{ usedBy: ['workflow:greet'] }]);
    await project.call('secrets.remove', { name: 'HOOK_SECRET' });
    expect(await reason()).toContain('The secret HOOK_SECRET is not set.');
  });

  it('hides a secret that stands in the file, and warns', async () => {
    await open('path: /hook, secret: "written down"');
    const { endpoints } = await project.call('webhooks.list', {});
    expect(endpoints[0]).toMatchObject({ secrets: ['written in the file'], warnings: [expect.any(String)] });
    const list = await project.call('triggers.list', {});
    expect(JSON.stringify([endpoints, list])).not.toContain('written down');
    const body = '{}';
    expect((await project.send({ body, headers: [['X-Signature', hex(body, 'written down')]] })).status).toBe(200);
  });

  it('that is insecure takes what programs send, nothing from web pages, nothing over an open network', async () => {
    await open('path: /hook, insecure: true');
    expect((await project.send({ body: '{}' })).status).toBe(200);
    expect((await project.send({ body: '{"a":1}', headers: [['Origin', 'http://evil.example']] })).status).toBe(401);
    const { webhooks } = await project.center();
    const far = { method: 'POST', target: '/hook', headers: [], body: Buffer.from('{"a":2}'), sourceIp: '10.0.0.9' };
    expect(await webhooks.receive({ ...far, isLoopback: false })).toMatchObject({ status: 503 });
    await project.settled();
    expect(await project.runs()).toHaveLength(1);
  });

  it('keeps its path: a second one that wants it says so', async () => {
    project = new WebhookProject(SECRETS);
    project.addWebhook('first', GITHUB);
    project.addWebhook('second', GITHUB);
    for (const key of ['second/hook', 'first/hook']) await project.arm(key);
    const { endpoints } = await project.call('webhooks.list', {});
    expect(endpoints.map(({ key, status }) => `${key} ${status}`)).toEqual([
      'first/hook armed',
      'second/hook unavailable',
    ]);
    expect(endpoints[1]?.reason).toContain('The path /hook is already that of first/hook');
  });

  it('records what comes while it is paused, and starts nothing', async () => {
    await open(GITHUB);
    await project.call('triggers.pauseAll', { reason: 'ledger closed' });
    expect((await project.send(await github('{}', 'd-1', { event: 'push' }))).status).toBe(202);
    expect(await project.deliveries()).toMatchObject([{ state: 'ignored', reason: 'Paused: ledger closed' }]);
    await project.call('triggers.resumeAll', {});
    const id = (await project.deliveries())[0]?.id ?? '';
    expect(await project.call('deliveries.redeliver', { id })).toMatchObject({ state: 'started' });
  });

  it('is closed at once when it is switched off', async () => {
    await open(GITHUB);
    await project.call('triggers.disarm', { trigger: 'greet/hook' });
    await waitUntil('the port to be closed', async () => {
      const answer = await project.send(await github('{}', 'd-1')).catch(() => null);
      return answer === null;
    });
    expect((await project.call('webhooks.list', {})).listening).toBeNull();
  });

  it('says when its port is in use, on every webhook that is not heard', async () => {
    await open(GITHUB);
    const busy = new WebhookProject(SECRETS);
    busy.addWebhook('other', GITHUB);
    await busy.arm('other/hook');
    const port = Number(new URL(project.url).port);
    await expect(busy.listen(port)).rejects.toThrow(`port ${port} is already in use`);
    const { endpoints } = await busy.call('webhooks.list', {});
    expect(endpoints[0]).toMatchObject({ status: 'unavailable', url: null });
    expect(endpoints[0]?.reason).toContain('is already in use');
    await busy.listen();
    expect((await busy.call('webhooks.list', {})).endpoints[0]).toMatchObject({ status: 'armed', reason: null });
    await busy.close();
  });
});
