import type {
  OperationName,
  ParsedInputOf,
  WebhookEndpoint,
  WebhookList,
  WebhookTestResult,
} from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import { randomHex } from '../crypto/index.ts';
import {
  type KnownTrigger,
  type RawHeaders,
  readEndpoint,
  schemeOf,
  sendTest,
  signDelivery,
} from '../triggers/index.ts';
import type { HandlersOf } from './handlers.ts';
import type { ProjectSession } from './project-session.ts';

type WebhookOperation = Extract<OperationName, `webhooks.${string}`>;

/** The use cases of webhooks beyond those of every trigger (SPEC §7.3, §13). */
export function webhookHandlers(session: ProjectSession): HandlersOf<WebhookOperation> {
  const fresh = (): Promise<void> => session.triggers.registry.refresh();
  return {
    'webhooks.list': async () => {
      await fresh();
      await session.triggers.webhooks.secrets.learned();
      return listOf(session);
    },
    'webhooks.listen': async (place) => {
      await fresh();
      await session.triggers.webhooks.listenAt(place);
      return listOf(session);
    },
    'webhooks.test': async (input) => {
      await fresh();
      await session.triggers.webhooks.secrets.learned();
      return test(session, input);
    },
  };
}

const webhooksOf = ({ triggers }: ProjectSession): readonly KnownTrigger[] =>
  triggers.registry.list().filter(({ trigger }) => trigger.kind === 'webhook');

function listOf(session: ProjectSession): WebhookList {
  const { webhooks, isHosting } = session.triggers;
  const listening = webhooks.receiver.listener;
  const base = listening?.kind === 'listening' ? listening.url : null;
  return { listening, isHosting, endpoints: webhooksOf(session).map((one) => endpointOf(session, one, base)) };
}

function endpointOf({ triggers }: ProjectSession, known: KnownTrigger, base: string | null): WebhookEndpoint {
  const { trigger, status, reason, stored, isFailing } = known;
  const { description } = trigger.config;
  const { path, scheme, methods, events, secrets, isInsecure, problem, warnings } = readEndpoint(
    trigger.config,
    triggers.webhooks.secrets.sourceOf(trigger.workflowId),
  );
  const isOpen = status === 'armed' || status === 'paused';
  return {
    ...{ key: trigger.key, id: trigger.id, workflowId: trigger.workflowId, workflowName: trigger.workflowName },
    ...{ path, methods, events, isInsecure, status, isFailing, warnings },
    url: base === null || !isOpen ? null : `${base}${path}`,
    description: typeof description === 'string' ? description : '',
    scheme: scheme ?? 'default',
    secrets: secrets.map(({ name }) => name),
    reason: reason ?? problem,
    createdAt: stored?.createdAt ?? null,
    lastTriggeredAt: stored?.lastStartedAt ?? null,
    triggerCount: stored?.runCount ?? 0,
  };
}

/** Signs and sends. A path that nobody has is sent too: what comes back says so. */
async function test(session: ProjectSession, input: ParsedInputOf<'webhooks.test'>): Promise<WebhookTestResult> {
  const { place, secrets } = session.triggers.webhooks;
  const path = input.path.startsWith('/') ? input.path : `/${input.path}`;
  requireOwnHost(input.host, place.host);
  const endpoint = webhooksOf(session)
    .map(({ trigger }) => readEndpoint(trigger.config, secrets.sourceOf(trigger.workflowId)))
    .find((one) => one.path === path);
  const scheme = input.scheme ?? schemeOf(endpoint?.scheme ?? null, []);
  const secret = endpoint?.secrets[0]?.value;
  const body = Buffer.from(input.body);
  const signing = { body, id: randomHex(16), atMs: session.clock.now() };
  const signed = secret === undefined ? [] : signDelivery(scheme, secret, signing);
  if (signed === null)
    throw new AppError('usage.invalid', `The secret of ${path} cannot be used with the scheme '${scheme}'.`, {
      hint: "Leave '--scheme' away to sign as the webhook is written.",
    });
  const named: RawHeaders =
    input.event === undefined ? [] : [[scheme === 'github' ? 'X-GitHub-Event' : 'X-Event-Type', input.event]];
  const headers = [...FROM_HERE, ...signed, ...named];
  const port = input.port ?? portOf(session) ?? place.port;
  return sendTest({ host: input.host, port, path, method: endpoint?.methods[0] ?? 'POST', headers, body });
}

const FROM_HERE: RawHeaders = [
  ['Content-Type', 'application/json'],
  ['User-Agent', 'aiworkflow-test'],
];

/** Where it is listened now, which is another port than that of the settings where any free one was asked for. */
function portOf({ triggers }: ProjectSession): number | null {
  const { listener } = triggers.webhooks.receiver;
  return listener?.kind === 'listening' ? Number(new URL(listener.url).port) : null;
}

/** A signature that our secret made is for our own listener only. */
function requireOwnHost(host: string, listening: string): void {
  if (host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host) || host === listening) return;
  throw new AppError('usage.invalid', `A test goes to this computer, not to '${host}'.`, {
    hint: "Use '--host localhost'.",
  });
}
