import type { LiveBatch, WireAnswer } from '../../shared/contract/index.ts';
import type { ErrorRecord } from '../../shared/errors.ts';
import type { Actor } from '../../shared/model/run.ts';

/** What the host says to the worker that runs the control center. */
export type HostMessage =
  | {
      readonly kind: 'call';
      readonly id: number;
      readonly name: string;
      readonly input: unknown;
      readonly actor: Actor;
    }
  | { readonly kind: 'close' };

/** What the worker says to its host. `ready` or `refused` comes first and once; `closed` comes last. */
export type WorkerMessage =
  | { readonly kind: 'ready'; readonly projectPath: string }
  | { readonly kind: 'refused'; readonly error: ErrorRecord }
  | { readonly kind: 'answer'; readonly id: number; readonly answer: WireAnswer }
  | { readonly kind: 'batch'; readonly batch: LiveBatch; readonly projectPath: string }
  | { readonly kind: 'closed' };
