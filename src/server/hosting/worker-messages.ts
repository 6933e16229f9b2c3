import type { DesktopNotice } from '../../core/notices/index.ts';
import type { ListenPlace, ListenState } from '../../core/triggers/index.ts';
import type { LiveBatch, WireAnswer } from '../../shared/contract/index.ts';
import type { ErrorRecord } from '../../shared/errors.ts';
import type { Caller } from '../../shared/model/access.ts';
import type { PackedDeliveries } from './packed-deliveries.ts';

/** What the worker asks the sealer of its host (`KeySealer`). */
export type SealerQuestion = { readonly what: 'isThere' } | { readonly what: 'seal' | 'open'; readonly text: string };

/** What the host says to the worker that runs the control center. */
export type HostMessage =
  | {
      readonly kind: 'call';
      readonly id: number;
      readonly name: string;
      readonly input: unknown;
      readonly caller: Caller;
    }
  /** What became of the `listen` for a place. */
  | { readonly kind: 'listening'; readonly state: ListenState | null; readonly of: ListenPlace | null }
  /** Webhooks that came in one turn. No call holds them: doors make calls. */
  | { readonly kind: 'deliveries'; readonly packed: PackedDeliveries }
  /** The computer slept and is awake again. */
  | { readonly kind: 'woke' }
  | { readonly kind: 'sealer'; readonly id: number; readonly answer: WireAnswer }
  | { readonly kind: 'close'; readonly quitBy?: string | undefined };

/** One of several that are answered by number. */
export interface Numbered<T> {
  readonly id: number;
  readonly value: T;
}

/** What the worker says to its host. `ready` or `refused` comes once and before all but `sealer`; `closed` comes last. */
export type WorkerMessage =
  | { readonly kind: 'ready'; readonly projectPath: string }
  | { readonly kind: 'refused'; readonly error: ErrorRecord }
  | { readonly kind: 'answer'; readonly id: number; readonly answer: WireAnswer }
  | { readonly kind: 'batch'; readonly batch: LiveBatch; readonly projectPath: string }
  /** To be shown on the desktop. */
  | { readonly kind: 'notice'; readonly notice: DesktopNotice }
  /** Where webhooks are to be listened for; null = nowhere. */
  | { readonly kind: 'listen'; readonly place: ListenPlace | null }
  /** What their senders are told: `Numbered<WebhookReply>[]` as JSON. */
  | { readonly kind: 'replies'; readonly replies: string }
  | { readonly kind: 'sealer'; readonly id: number; readonly question: SealerQuestion }
  | { readonly kind: 'closed' };
