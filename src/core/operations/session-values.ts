import { randomBytes } from 'node:crypto';
import type { EnginePorts, ProjectRetry } from '../engine/index.ts';
import type { ProjectConfig } from '../projects/index.ts';
import type { Clock } from '../time/index.ts';

/** Time is the center's, chance the machine's. */
export const enginePorts = (clock: Clock): EnginePorts => ({
  ...clock,
  random: () => Math.random(),
  randomHex: (bytes) => randomBytes(bytes).toString('hex'),
});

/** `max_attempts` counts the first attempt too; only a written value counts (SPEC §3.4). */
export function projectRetry({ tools: { retryPolicy } }: ProjectConfig): ProjectRetry {
  const { maxAttempts, backoff, initialDelayMs, maxDelayMs } = retryPolicy;
  const maxRetries = maxAttempts === undefined ? undefined : Math.max(0, maxAttempts - 1);
  return { maxRetries, backoff, delayMs: initialDelayMs, maxDelayMs };
}
