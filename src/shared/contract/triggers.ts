import { z } from 'zod';
import type { JsonMap } from '../json.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { RunStatus, RunSummary } from '../model/run.ts';
import {
  DELIVERY_STATES,
  type DeliveryRecord,
  type DeliveryState,
  type DeliverySummary,
  OCCURRENCE_STATES,
  type Occurrence,
  type OccurrenceState,
  TRIGGER_KINDS,
  type Trigger,
  type TriggerKind,
  type TriggerStatus,
} from '../model/trigger.ts';
import { contentHashField, inputsField, workflowRefField } from './fields.ts';
import { operation } from './operation.ts';

/** Who paused what and why; instants are UTC ms. */
export interface PauseInfo {
  readonly at: number;
  /** Triggers go on by themselves then; null = when a person lets them. */
  readonly until: number | null;
  readonly by: string;
  readonly reason: string;
}

/** What a pause is asked with. */
export type PauseAsked = Pick<PauseInfo, 'reason' | 'until'>;

/** A row of the list of triggers. Instants are UTC ms. */
export interface TriggerSummary {
  readonly key: string;
  readonly id: string;
  readonly alias: string;
  readonly kind: TriggerKind;
  readonly workflowId: string;
  readonly workflowName: string;
  readonly workflowPath: string;
  /** The file that holds it. */
  readonly source: string;
  /** As written (SPEC §1.7). */
  readonly config: JsonMap;
  readonly status: TriggerStatus;
  /** Why it is not simply armed, as a sentence; null = it is. */
  readonly reason: string | null;
  /** Its starts fail one after the other: two or more. */
  readonly isFailing: boolean;
  readonly pause: PauseInfo | null;
  /** Who answers for it, since when and with which version it starts; null = it is not armed. */
  readonly armed: { readonly by: string; readonly at: number; readonly versionLabel: string } | null;
  /** When it starts next by itself; null = nobody can know, or never. */
  readonly nextAt: number | null;
  /** The run that it started last. */
  readonly lastRun: { readonly runId: string; readonly status: RunStatus; readonly at: number } | null;
  readonly runCount: number;
}

/** One trigger with what a person must see before arming it. */
export interface TriggerDetail extends TriggerSummary {
  readonly definitionHash: string;
  /** Of the workflow as it is in the folder now; null where it cannot be read, `problem` says why. */
  readonly contentHash: string | null;
  readonly problem: string | null;
  /** The workflow is another one by now than what starts. */
  readonly isNewer: boolean;
  readonly versionPolicy: Trigger['versionPolicy'];
  /** False: its definition says `enabled: false`, so it cannot be armed. */
  readonly isEnabled: boolean;
}

/** All triggers of the project. */
export interface TriggerList {
  readonly triggers: readonly TriggerSummary[];
  /** What is wrong with how triggers are written. */
  readonly problems: readonly Diagnostic[];
  /** The one pause of all; their own flags are not touched. */
  readonly pausedAll: PauseInfo | null;
  /** False where no process serves them: then nothing starts by itself. */
  readonly isHosting: boolean;
}

/** A delivery with the run that it started and what came, as text. */
export interface DeliveryDetail extends DeliveryRecord {
  readonly run: RunSummary | null;
  /** The first 64 KiB as text, invalid bytes replaced; null = there is none, or it is older than it is kept. */
  readonly bodyText: string | null;
}

/** Key, id or `{workflow_id}_{i}` of a trigger. */
export const triggerNameField = z.string().min(1).max(400);
const reasonField = z.string().max(1000).default('');
const instantField = z.number().int().min(0).max(8.64e15);
/** What a pause is asked with; `until` in UTC ms, still to come. Error: `contract.invalid_input` for an end that is not. */
const pauseFields = { reason: reasonField, until: instantField.nullable().default(null) };
const deliveryIdField = z.string().regex(/^[0-9a-f]{32}$/);

/** What can be done about triggers of every kind. */
export const triggerOperations = {
  'triggers.list': operation<TriggerList>()(
    z.strictObject({ kind: z.enum(TRIGGER_KINDS).optional(), workflow: z.string().max(400).optional() }),
    'workflow:read',
  ),
  'triggers.get': operation<TriggerDetail>()(z.strictObject({ trigger: triggerNameField }), 'workflow:read'),
  /** Arms what was shown: the hashes are those of `triggers.get`. Whoever does it answers for the runs. */
  'triggers.arm': operation<TriggerDetail>()(
    z.strictObject({ trigger: triggerNameField, definitionHash: contentHashField, contentHash: contentHashField }),
    'config:manage',
    'config.changed',
  ),
  'triggers.disarm': operation<TriggerDetail>()(
    z.strictObject({ trigger: triggerNameField }),
    'config:manage',
    'config.changed',
  ),
  'triggers.pause': operation<TriggerDetail>()(
    z.strictObject({ trigger: triggerNameField, ...pauseFields }),
    'config:manage',
    'config.changed',
  ),
  'triggers.resume': operation<TriggerDetail>()(
    z.strictObject({ trigger: triggerNameField }),
    'config:manage',
    'config.changed',
  ),
  'triggers.pauseAll': operation<TriggerList>()(z.strictObject(pauseFields), 'config:manage', 'config.changed'),
  'triggers.resumeAll': operation<TriggerList>()(z.strictObject({}), 'config:manage', 'config.changed'),
  /** Starts the armed version with the trigger's inputs now; a run by hand in every other way. */
  'triggers.runNow': operation<{ readonly runId: string }>()(
    z.strictObject({ trigger: triggerNameField }),
    'workflow:execute',
    'workflow.executed',
  ),
  /** Arms every trigger of a workflow as it is now and switches the workflow on. */
  'triggers.enableWorkflow': operation<TriggerList>()(
    z.strictObject({ workflow: workflowRefField }),
    'config:manage',
    'config.changed',
  ),
  /** No trigger of the workflow starts anything; runs by hand go on. */
  'triggers.disableWorkflow': operation<TriggerList>()(
    z.strictObject({ workflow: workflowRefField }),
    'config:manage',
    'config.changed',
  ),
  /** How many starts of one trigger, or of all, are in which state; with `from` those that were planned since. */
  'occurrences.counts': operation<Readonly<Partial<Record<OccurrenceState, number>>>>()(
    z.strictObject({ trigger: triggerNameField.optional(), from: instantField.optional() }),
    'workflow:read',
  ),
  /** The ledger, the latest planned first. */
  'occurrences.list': operation<{ readonly occurrences: readonly Occurrence[] }>()(
    z.strictObject({
      trigger: triggerNameField.optional(),
      states: z.array(z.enum(OCCURRENCE_STATES)).max(10).optional(),
      /** In the names of the trigger and its workflow, in the reason and in what is known of it. */
      search: z.string().max(200).optional(),
      from: instantField.optional(),
      /** The last row of the page before: what comes after it, however many stand at its instant. */
      after: z.strictObject({ triggerKey: triggerNameField, plannedAt: instantField }).optional(),
      limit: z.number().int().min(1).max(1000).default(200),
    }),
    'workflow:read',
  ),
  /** The inbox, newest first; `counts` are of all that was received since `from`, whatever the rest of the filter. */
  'deliveries.list': operation<{
    readonly deliveries: readonly DeliverySummary[];
    readonly counts: Readonly<Partial<Record<DeliveryState, number>>>;
  }>()(
    z.strictObject({
      kind: z.enum(['webhook', 'file', 'event']).optional(),
      trigger: triggerNameField.optional(),
      states: z.array(z.enum(DELIVERY_STATES)).max(10).optional(),
      search: z.string().max(200).optional(),
      from: instantField.optional(),
      /** The last one of the page before: what came before it. */
      after: deliveryIdField.optional(),
      limit: z.number().int().min(1).max(1000).default(200),
    }),
    'workflow:read',
  ),
  'deliveries.get': operation<DeliveryDetail>()(z.strictObject({ id: deliveryIdField }), 'workflow:read'),
  /** What its trigger makes of a delivery: the inputs for a start by hand, to try a workflow with what really came. */
  'deliveries.inputs': operation<{ readonly workflow: string; readonly inputs: JsonMap }>()(
    z.strictObject({ id: deliveryIdField }),
    'workflow:read',
  ),
  /** Plays what came once more: a delivery of its own, with the armed version or the one that is named. */
  'deliveries.redeliver': operation<DeliveryDetail>()(
    z.strictObject({ id: deliveryIdField, versionHash: contentHashField.optional(), inputs: inputsField.optional() }),
    'workflow:execute',
    'workflow.executed',
  ),
} as const;
