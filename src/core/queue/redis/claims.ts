import type { Claim, EffectAhead } from '../backend.ts';
import type { JobFields } from './job-message.ts';

/** As BullMQ says it. */
export const LOST = Object.assign(new Error('The claim was lost.'), { code: -2 });

/** As much of a job as BullMQ needs to end it. */
export const jobOf = (id: string): never => ({ id, opts: { attempts: 1 } }) as never;

/** BullMQ's numbers for: no such job, no lock, not at work, the lock is another's. */
const LOST_CODES: readonly unknown[] = [-1, -2, -3, -6];
/** Whether BullMQ says so of a claim. */
export const isLost = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && LOST_CODES.includes(error.code);

/** What another owner has noted before its first effect. */
export function begunElsewhere(fields: JobFields, owner: string, isAlive: boolean): Pick<Claim, 'begun'> {
  if (fields['x-effects'] === undefined) return {};
  const noted = JSON.parse(fields['x-effects']) as EffectAhead & { owner: string; by: string; at: number };
  const { by, runId, step, at } = noted;
  return { begun: { by, runId, step, at, isAlive: isAlive && noted.owner !== owner } };
}

/** Fields and values in turn, as Redis answers. */
export function fieldsOf(flat: readonly string[]): JobFields {
  const fields: Record<string, string> = {};
  for (let at = 0; at + 1 < flat.length; at += 2) fields[flat[at] ?? ''] = flat[at + 1] ?? '';
  return fields;
}
