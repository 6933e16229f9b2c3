import type { z } from 'zod';
import { accessOperations } from './access.ts';
import { agentOperations } from './agents.ts';
import { appOperations } from './app.ts';
import { approvalOperations } from './approvals.ts';
import { auditOperations } from './audit.ts';
import { cassetteOperations } from './cassettes.ts';
import { configOperations } from './config.ts';
import { costOperations } from './costs.ts';
import { draftOperations } from './drafts.ts';
import { failureOperations } from './failures.ts';
import type { LiveBatch } from './live.ts';
import { metricsOperations } from './metrics.ts';
import type { Operation } from './operation.ts';
import { queueOperations } from './queue.ts';
import { runExchangeOperations } from './run-exchange.ts';
import { runUndoOperations } from './run-undo.ts';
import { runOperations } from './runs.ts';
import { scheduleOperations } from './schedules.ts';
import { secretOperations } from './secrets.ts';
import { storageOperations } from './storage.ts';
import { toolOperations } from './tools.ts';
import { triggerOperations } from './triggers.ts';
import { trustOperations } from './trust.ts';
import { wakeOperations } from './wake.ts';
import { watchOperations } from './watches.ts';
import { webhookOperations } from './webhooks.ts';
import { workflowOperations } from './workflows.ts';

export type * from './access.ts';
export type * from './agents.ts';
export type * from './app.ts';
export type * from './approvals.ts';
export type * from './audit.ts';
export type * from './cassettes.ts';
export type * from './config.ts';
export type * from './costs.ts';
export type * from './drafts.ts';
export type * from './failures.ts';
export type * from './live.ts';
export type * from './metrics.ts';
export type * from './operation.ts';
export type * from './queue.ts';

export type * from './run-replay.ts';
export type * from './run-rollback.ts';
export type * from './run-undo.ts';
export type * from './runs.ts';
export type * from './schedules.ts';
export type * from './secrets.ts';
export type * from './storage.ts';
export type * from './tools.ts';
export type * from './triggers.ts';
export type * from './trust.ts';
export type * from './wake.ts';
export type * from './watches.ts';
export type * from './webhooks.ts';
export type * from './workflows.ts';

/** The whole contract: everything an operator can do, in every door (DESIGN §4). */
export const OPERATIONS = {
  ...appOperations,
  ...configOperations,
  ...workflowOperations,
  ...draftOperations,
  ...runOperations,
  ...runUndoOperations,
  ...runExchangeOperations,
  ...cassetteOperations,
  ...failureOperations,
  ...approvalOperations,
  ...auditOperations,
  ...agentOperations,
  ...toolOperations,
  ...costOperations,
  ...metricsOperations,
  ...storageOperations,
  ...triggerOperations,
  ...scheduleOperations,
  ...wakeOperations,
  ...webhookOperations,
  ...queueOperations,
  ...watchOperations,
  ...accessOperations,
  ...secretOperations,
  ...trustOperations,
} as const satisfies Record<string, Operation>;

export type OperationName = keyof typeof OPERATIONS;
/** What a caller gives: fields with a default may be left out. */
export type InputOf<N extends OperationName> = z.input<(typeof OPERATIONS)[N]['input']>;
/** What a handler gets: parsed, defaults applied. */
export type ParsedInputOf<N extends OperationName> = z.output<(typeof OPERATIONS)[N]['input']>;
export type OutputOf<N extends OperationName> =
  | NonNullable<(typeof OPERATIONS)[N]['output']>
  | Extract<(typeof OPERATIONS)[N]['output'], null>;

/** True for a name of the contract, own keys only. */
export const isOperationName = (name: string): name is OperationName => Object.hasOwn(OPERATIONS, name);

/** What every door offers its caller. `call` rejects with an `AppError`. `subscribe` returns the way to stop. */
export interface ControlCenterClient {
  call<N extends OperationName>(name: N, input: InputOf<N>): Promise<OutputOf<N>>;
  subscribe(listener: (batch: LiveBatch) => void): () => void;
}

/** An answer as it crosses a door: never a thrown value. */
export type WireAnswer =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly error: import('../errors.ts').ErrorRecord };

/** A call larger than this is refused by the door before it is parsed (`contract.too_large`). */
export const MAX_CALL_BYTES = 16 * 1024 * 1024;
