import { AppError } from '../../shared/errors.ts';
import type { Json, JsonMap } from '../../shared/json.ts';
import type { Diagnostic } from '../../shared/model/diagnostic.ts';
import type { Workflow } from '../../shared/model/workflow.ts';
import { randomHex } from '../crypto/index.ts';
import type { Notice } from '../engine/index.ts';
import type { HttpClient } from '../http/index.ts';
import type { DesktopNotice, DesktopNotices } from '../notices/index.ts';
import { resolveSecrets, secretNamesOf, signDelivery } from '../triggers/index.ts';
import { allSteps, channelsOf } from '../workflow/index.ts';
import { placed, toStartError } from './check-start.ts';

const TIMEOUT_MS = 10_000;
const OK_FROM = 200;
const OK_UNTIL = 300;
const DESKTOP = 'desktop';

/** What channels are told of a limit of spending whose action is `notify` (SPEC §11). */
export interface LimitNotice {
  readonly event: 'cost.limit';
  readonly limit: string;
  readonly level: 'warning' | 'critical';
  /** USD as decimal text. */
  readonly spent: string;
  readonly max_cost: string;
  /** Of the call that filled it. */
  readonly run_id: string;
  readonly workflow_id: string;
  readonly text: string;
  /** ISO 8601. */
  readonly at: string;
}

interface Webhook {
  readonly name: string;
  readonly url: string;
  /** Its secret as it is written: the name of a stored one or of a variable, or itself; null = what it is sent is not signed. */
  readonly secret: string | null;
}

/** Written by hand in `monitoring.alert_channels`: an address, or `{name, webhook, secret}`. */
function webhookIn(channel: string | JsonMap): Webhook | null {
  const { webhook, name, secret = null } = typeof channel === 'string' ? { webhook: channel, name: channel } : channel;
  if (typeof webhook !== 'string' || !/^https?:\/\//i.test(webhook) || !URL.canParse(webhook)) return null;
  return {
    name: typeof name === 'string' && name !== '' ? name : webhook,
    url: webhook,
    secret: typeof secret === 'string' ? secret : null,
  };
}

interface ChannelOptions {
  readonly http: Pick<HttpClient, 'request'>;
  readonly desktop: DesktopNotices;
  /** Where a secret is looked up that is not stored under its name. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The stored secret, allowed to `channel:NAME`; null = none is stored under this name. */
  readonly readSecret: (channel: string, name: string) => Promise<string> | null;
  /** UTC ms. */
  readonly now: () => number;
  /** Whether addresses of this project may be reached. Throws `trust.needed`. */
  readonly requireUse: () => Promise<void>;
}

/** What a channel is told: a webhook gets `body`, the desktop shows the rest. */
export interface ChannelNotice extends DesktopNotice {
  readonly body: Json;
}

/** What is told of a limit that fills. */
export const limitFills = (notice: LimitNotice): ChannelNotice => ({
  title: notice.level === 'critical' ? `The budget ${notice.limit} is full` : `The budget ${notice.limit} fills`,
  text: notice.text,
  path: '/costs',
  kind: 'budget',
  isUrgent: notice.level === 'critical',
  body: notice as unknown as Json,
});

/** What is told of a step that has failed for good. */
export const stepFailed = (notice: Notice): ChannelNotice => ({
  title: `${notice.workflow_name}: a step has failed`,
  text: notice.text,
  path: `/runs/${notice.run_id}`,
  kind: 'run_failed',
  isUrgent: false,
  body: notice as unknown as Json,
});

/**
 * Tells channels of the project what has happened (SPEC §1.6 `notify`, §11). `log` is always there, `desktop` where the host has one; a
 * webhook is what `monitoring.alert_channels` names, so that no workflow chooses an address by itself. A notice is sent once and not
 * tried again.
 */
export class NoticeChannels {
  /** Everything that the settings name: what is of concern to the whole project is told to each. */
  readonly listed: readonly string[];
  readonly #http: Pick<HttpClient, 'request'>;
  readonly #desktop: DesktopNotices;
  readonly #webhooks: ReadonlyMap<string, Webhook>;
  readonly #signing: SigningOptions;
  readonly #requireUse: () => Promise<void>;
  readonly #underWay = new Set<Promise<void>>();

  constructor(channels: readonly (string | JsonMap)[], { http, desktop, requireUse, ...signing }: ChannelOptions) {
    this.#requireUse = requireUse;
    this.#http = http;
    this.#desktop = desktop;
    this.#signing = signing;
    this.#webhooks = new Map(
      channels.flatMap((one) => {
        const found = webhookIn(one);
        return found === null ? [] : [[found.name, found] as const];
      }),
    );
    const words = channels.filter((one) => one === DESKTOP || one === 'log') as readonly string[];
    this.listed = [...new Set([...words, ...this.#webhooks.keys()])];
  }

  /** Throws `notify.not_set_up` where a step of the workflow names a channel that is not there. */
  requireChannels(workflow: Workflow): void {
    const problems = allSteps(workflow).flatMap((step) =>
      channelsOf(step)
        .filter((name) => !this.#isThere(name))
        .map(
          (name): Diagnostic => ({
            ...{ severity: 'error', code: 'notify.not_set_up', ...step.place, step: step.id },
            message: `The channel '${name}' of 'notify' is not set up here.`,
            fix: howToSetUp(name),
          }),
        ),
    );
    const [first] = problems;
    if (first !== undefined) throw toStartError('notify.not_set_up', problems, placed(first));
  }

  /** Sends a notice to every webhook and, where there is one, to the desktop; `onFailure` hears for each why it could not be delivered. */
  sendToAll(notice: ChannelNotice, onFailure: (channel: string, error: AppError) => void): void {
    const names = [...this.#webhooks.keys(), ...(this.#desktop.isThere ? [DESKTOP] : [])];
    for (const name of names) this.send(name, notice, (error) => onFailure(name, error));
  }

  /** Sends a notice; `onFailure` hears why it could not be delivered. */
  send(channel: string, notice: ChannelNotice, onFailure: (error: AppError) => void): void {
    const sending = this.#deliver(channel, notice)
      .catch((thrown: unknown) => {
        if (!(thrown instanceof AppError)) throw thrown;
        onFailure(thrown);
      })
      .finally(() => this.#underWay.delete(sending));
    this.#underWay.add(sending);
  }

  /** Resolves when nothing is on its way. */
  async idle(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }

  /** Which secrets the channels name, each by its channel. */
  secretNames(): readonly { readonly name: string; readonly secret: string }[] {
    return [...this.#webhooks.values()].flatMap(({ name, ...written }) =>
      secretNamesOf(written).map((secret) => ({ name, secret })),
    );
  }

  #isThere(name: string): boolean {
    return name === 'log' || (name === DESKTOP ? this.#desktop.isThere : this.#webhooks.has(name));
  }

  async #deliver(channel: string, { body, ...shown }: ChannelNotice): Promise<void> {
    if (channel === DESKTOP) return this.#desktop.show(shown);
    const webhook = this.#webhooks.get(channel);
    if (webhook === undefined) throw new AppError('notify.not_set_up', `The channel '${channel}' is not set up here.`);
    await this.#requireUse();
    const { url } = webhook;
    const text = JSON.stringify(body);
    const answer = await this.#http.request({
      ...{
        method: 'POST',
        url,
        headers: {
          'content-type': 'application/json',
          ...(await signatureOf(webhook, text, this.#signing)),
        },
      },
      body: text,
      signal: new AbortController().signal,
      timeoutMs: TIMEOUT_MS,
      maxRedirects: 0,
      // A person wrote the address into the settings: it may be one of this network.
      allowedHosts: [new URL(url).host],
      isConfined: true,
    });
    await answer.text();
    if (answer.status < OK_FROM || answer.status >= OK_UNTIL)
      throw new AppError('tool.http_error', `It answered with HTTP ${answer.status}.`, {
        details: { status: answer.status },
      });
  }
}

type SigningOptions = Pick<ChannelOptions, 'env' | 'now' | 'readSecret'>;

/** Headers by which whoever is told knows that it was us (SPEC §7.3): of Standard Webhooks where the secret is one of theirs. */
async function signatureOf(
  { name, secret }: Webhook,
  text: string,
  { env, now, readSecret }: SigningOptions,
): Promise<Readonly<Record<string, string>>> {
  if (secret === null) return {};
  const stored = new Map<string, string>();
  for (const one of secretNamesOf({ secret })) {
    const value = await readSecret(name, one)?.catch((thrown: unknown) => {
      if (!(thrown instanceof AppError)) throw thrown;
      throw notSigned([thrown.message, thrown.hint ?? ''].join(' ').trim(), thrown);
    });
    if (value !== undefined) stored.set(one, value);
  }
  const { secrets, problem } = resolveSecrets(
    { written: [secret], isInsecure: false, scheme: null },
    { variable: (one) => env[one], stored: (one) => stored.get(one) },
  );
  const value = secrets[0]?.value;
  const delivery = { body: new TextEncoder().encode(text), id: randomHex(16), atMs: now() };
  const headers =
    value === undefined ? null : signDelivery(value.startsWith('whsec_') ? 'standard' : 'generic', value, delivery);
  if (headers !== null) return Object.fromEntries(headers);
  throw notSigned(problem ?? 'A secret that begins with whsec_ must be base64 text behind that.');
}

const notSigned = (hint: string, cause?: AppError): AppError =>
  new AppError('notify.not_set_up', 'What is sent could not be signed, so it was not sent.', { hint, cause });

const howToSetUp = (name: string): string =>
  name === DESKTOP
    ? "The desktop app shows notices, while it holds the project: start the run there, or name another channel. 'log' is always there."
    : `Name it in aiworkflow.yaml: monitoring: {alert_channels: [{name: ${name}, webhook: "https://…"}]}. 'log' is always there.`;
