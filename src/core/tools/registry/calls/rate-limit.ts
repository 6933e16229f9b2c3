import { AppError } from '../../../../shared/errors.ts';
import { type Clock, wait } from '../../../time/index.ts';
import type { RateLimit } from '../file/registry-entry.ts';

export type RegistryPorts = Clock;

/** Lets calls through as fast as its limit allows. */
export interface RateLimiter {
  /**
   * Resolves when the call may begin, with the ms it waited. `tool.rate_limited` (`details.retry_after_ms`) when its turn comes only
   * after `timeoutMs`; the reason of the signal if that is an `AppError`, else `run.cancelled`.
   */
  take(timeoutMs: number, signal: AbortSignal): Promise<number>;
}

/** A token bucket (SPEC §5.1): `burst` calls at once, one more every 60 s / `requests_per_minute`. */
export function createRateLimiter(tool: string, limit: RateLimit, ports: RegistryPorts): RateLimiter {
  const msPerToken = 60_000 / limit.requestsPerMinute;
  /** Below 0: so many calls wait for tokens that are still to come. */
  let tokens = limit.burst;
  let filledAt = ports.now();
  const fill = (): void => {
    const now = ports.now();
    // A clock that was set back gives nothing and takes nothing.
    tokens = Math.min(limit.burst, tokens + Math.max(0, now - filledAt) / msPerToken);
    filledAt = now;
  };
  return {
    take: async (timeoutMs, signal) => {
      if (signal.aborted) throw reasonOf(signal);
      fill();
      const waitMs = tokens >= 1 ? 0 : Math.ceil((1 - tokens) * msPerToken);
      if (waitMs >= timeoutMs) throw rateLimited(tool, limit, waitMs);
      tokens -= 1;
      if (waitMs === 0) return 0;
      await wait(waitMs, ports, signal).catch(() => {
        // Nobody used it: whoever comes next may.
        tokens += 1;
        throw reasonOf(signal);
      });
      return waitMs;
    },
  };
}

function rateLimited(tool: string, { requestsPerMinute, burst }: RateLimit, waitMs: number): AppError {
  const message = `The tool '${tool}' may be called ${requestsPerMinute} times a minute, and its turn does not come in time.`;
  return new AppError('tool.rate_limited', message, {
    hint: "Try again later, give the step a longer 'timeout', or raise 'rate_limits' in the registry.",
    // Nothing was sent, so no effect began (SPEC §3.4).
    details: { tool, phase: 'connect', retry_after_ms: waitMs, requests_per_minute: requestsPerMinute, burst },
  });
}

const reasonOf = (signal: AbortSignal): AppError =>
  signal.reason instanceof AppError
    ? signal.reason
    : new AppError('run.cancelled', 'The call was cancelled before it began.');
