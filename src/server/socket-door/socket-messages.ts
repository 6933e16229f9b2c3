import { z } from 'zod';
import type { LiveBatch, WireAnswer } from '../../shared/contract/index.ts';
import type { ErrorRecord } from '../../shared/errors.ts';

/**
 * First line of a client. `credential`: the session or API token of the user it acts as; without one the user of the system acts. `stepKey`: it
 * says that it is a process of the step with this `AIWORKFLOW_STEP_KEY`, which can only lessen what it may do.
 */
export const helloSchema = z.strictObject({
  token: z.string().max(200),
  version: z.string().max(100),
  credential: z.string().max(200).optional(),
  stepKey: z.string().max(200).optional(),
});

const idField = z.number().int().min(0);

/** Every further line of a client. `host` asks the host itself, beside the contract. */
export const requestSchema = z.union([
  z.strictObject({ id: idField, name: z.string(), input: z.unknown().optional() }),
  z.strictObject({ id: idField, host: z.enum(['newLink', 'info']) }),
  z.strictObject({ subscribe: z.literal(true) }),
]);
export type SocketRequest = z.infer<typeof requestSchema>;

/** What the holder is, answered to `host: 'info'`. */
export interface HolderInfo {
  readonly pid: number;
  readonly door: 'cli' | 'browser' | 'desktop';
  readonly version: string;
}

/** Every line of the holder; `ok` answers the hello, `error` without an id ends the connection. */
export type SocketReply =
  | { readonly ok: true; readonly info: HolderInfo }
  | { readonly error: ErrorRecord }
  | { readonly id: number; readonly answer: WireAnswer }
  | { readonly batch: LiveBatch };
