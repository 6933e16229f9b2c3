import { createHmac } from 'node:crypto';
import { sign as signAsGitHub } from '@octokit/webhooks-methods';
import { serveWebhooks } from '../../src/server/webhook-listener/serve-webhooks.ts';
import type { RunSummary } from '../../src/shared/model/run.ts';
import type { DeliverySummary } from '../../src/shared/model/trigger.ts';
import { LocalProject } from './local-project.ts';
import { waitUntil } from './wait-until.ts';

/** What a sender sends. */
export interface Sent {
  readonly body: string | Uint8Array;
  readonly headers?: readonly (readonly [string, string])[];
  readonly method?: string;
  readonly path?: string;
}

/** What it hears. */
export interface Heard {
  readonly status: number;
  readonly body: unknown;
}

/** Secrets of senders; `.env` of a project holds them. */
export const SECRETS = {
  HOOK_SECRET: 'hook secret 1',
  STANDARD_SECRET: `whsec_${Buffer.from('a key of twenty-four byte').toString('base64')}`,
  SLACK_SECRET: 'slack secret 1',
};
export const GITHUB = 'path: /hook, scheme: github, secret: HOOK_SECRET';
export const hex = (body: string | Uint8Array, secret = SECRETS.HOOK_SECRET): string =>
  createHmac('sha256', secret).update(body).digest('hex');

/** As GitHub sends it, signed by its own library. */
export async function github(
  body: string,
  id: string,
  { event = 'pull_request', secret = SECRETS.HOOK_SECRET } = {},
): Promise<Sent> {
  return {
    body,
    headers: [
      ['X-GitHub-Event', event],
      ['X-GitHub-Delivery', id],
      ['X-Hub-Signature-256', await signAsGitHub(secret, body)],
      ['Content-Type', 'application/json'],
      ['Authorization', 'Bearer do-not-keep-me'],
    ],
  };
}

/** A project that hosts its triggers, with its real listener on a free port. */
export class WebhookProject extends LocalProject {
  url = '';
  #listener: { close(): Promise<void> } | null = null;

  constructor(env: Readonly<Record<string, string>>, config: readonly string[] = []) {
    super(config, { isHost: true });
    this.write(
      '.env',
      Object.entries(env)
        .map(([name, value]) => `${name}=${value}`)
        .join('\n'),
    );
  }

  /** A workflow of one step with a webhook; `says` is what its run says, over its inputs. */
  addWebhook(id: string, trigger: string, inputs = '{said: "{{ trigger.event }}"}'): void {
    this.addWorkflow(
      id,
      [['action: workflow.set_outputs', 'inputs:', '  said: "{{ inputs.said }}"']],
      [
        'triggers:',
        `  - {type: webhook, id: hook, ${trigger}, inputs: ${inputs}}`,
        'inputs:',
        '  said: {type: string, default: nothing}',
      ],
    );
  }

  async arm(trigger: string): Promise<void> {
    const { definitionHash, contentHash } = await this.call('triggers.get', { trigger });
    await this.call('triggers.arm', { trigger, definitionHash, contentHash: contentHash ?? '' });
  }

  /** Listens on a free port; everything that is armed is served. */
  async listen(port = 0): Promise<void> {
    this.#listener ??= serveWebhooks((await this.center()).webhooks);
    const { listening } = await this.call('webhooks.listen', { port });
    if (listening?.kind !== 'listening') throw new Error(`nobody listens: ${JSON.stringify(listening)}`);
    this.url = listening.url;
  }

  async send({ body, headers = [], method = 'POST', path = '/hook' }: Sent): Promise<Heard> {
    const answer = await fetch(`${this.url}${path}`, {
      method,
      headers: headers.map(([name, value]): [string, string] => [name, value]),
      ...(method === 'GET' ? {} : { body: body as BodyInit }),
    });
    return { status: answer.status, body: await answer.json() };
  }

  async deliveries(): Promise<readonly DeliverySummary[]> {
    return (await this.call('deliveries.list', { limit: 1000 })).deliveries;
  }

  async runs(): Promise<readonly RunSummary[]> {
    return (await this.call('runs.list', { limit: 1000 })).runs;
  }

  /** The outputs of a run once it has completed. */
  async outputsOf(runId: string): Promise<unknown> {
    await waitUntil(`run ${runId} to complete`, async () =>
      (await this.runs()).some((run) => run.runId === runId && run.status === 'completed'),
    );
    return (await this.call('runs.get', { runId })).outputs;
  }

  /** Waits until every stored delivery has come to its end. */
  override settled(): Promise<void> {
    return waitUntil('every delivery to be started', async () =>
      (await this.deliveries()).every(({ state }) => state !== 'received'),
    );
  }

  override async reopen(isHost = true): Promise<void> {
    await this.#listener?.close();
    this.#listener = null;
    await super.reopen(isHost);
  }

  override async close(): Promise<void> {
    await this.#listener?.close();
    await super.close();
  }
}
