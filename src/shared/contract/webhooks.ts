import { z } from 'zod';
import type { TriggerStatus } from '../model/trigger.ts';
import { hostField, portField } from './fields.ts';
import { operation } from './operation.ts';

/** Where webhooks come in, or why they do not. */
export type WebhookListening =
  | { readonly kind: 'listening'; readonly url: string }
  | { readonly kind: 'failed'; readonly message: string };

/** A webhook as whoever sends to it and whoever answers for it must know it (SPEC §7.3). Instants are UTC ms. */
export interface WebhookEndpoint {
  /** Key of its trigger. */
  readonly key: string;
  readonly id: string;
  readonly path: string;
  /** Where senders reach it; null = nobody listens. */
  readonly url: string | null;
  readonly workflowId: string;
  readonly workflowName: string;
  readonly description: string;
  readonly scheme: 'github' | 'generic' | 'standard' | 'slack' | 'default';
  readonly methods: readonly string[];
  /** Patterns of event names; none = all. */
  readonly events: readonly string[];
  /** Names of its secrets, never a value. */
  readonly secrets: readonly string[];
  readonly isInsecure: boolean;
  readonly status: TriggerStatus;
  /** Its last starts failed, one after the other. */
  readonly isFailing: boolean;
  /** Why it is not simply armed; null = it is. */
  readonly reason: string | null;
  readonly warnings: readonly string[];
  /** When it was armed first; null = never. */
  readonly createdAt: number | null;
  readonly lastTriggeredAt: number | null;
  readonly triggerCount: number;
}

/** All webhooks of the project. */
export interface WebhookList {
  /** null = nobody listens: no webhook is armed, or no process serves triggers. */
  readonly listening: WebhookListening | null;
  readonly isHosting: boolean;
  readonly endpoints: readonly WebhookEndpoint[];
}

/** What came back of a test delivery. */
export interface WebhookTestResult {
  readonly status: number;
  readonly body: string;
}

/** What can be done about webhooks and what they delivered. */
export const webhookOperations = {
  'webhooks.list': operation<WebhookList>()(z.strictObject({}), 'workflow:read'),
  /** Listens there instead of where the settings say, until the project is closed; answers once that is so, or not. */
  'webhooks.listen': operation<WebhookList>()(
    z.strictObject({ host: hostField.optional(), port: portField.optional() }),
    'config:manage',
    'config.changed',
  ),
  /** Signs a body with the endpoint's own secret and sends it to the listener as a sender would: what it starts is really started. */
  'webhooks.test': operation<WebhookTestResult>()(
    z.strictObject({
      path: z.string().min(1).max(2000),
      body: z.string().max(1024 * 1024),
      scheme: z.enum(['github', 'generic', 'standard', 'slack']).optional(),
      event: z.string().min(1).max(200).optional(),
      host: hostField.default('localhost'),
      port: portField.optional(),
    }),
    'workflow:execute',
    'workflow.executed',
  ),
} as const;
