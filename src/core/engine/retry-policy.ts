import type { AppError } from '../../shared/errors.ts';
import type { ErrorRule, RetrySpec, Step } from '../../shared/model/workflow.ts';

/** SPEC §3.4. Times in ms. */
export interface RetryPolicy {
  readonly maxRetries: number;
  /** How the delay grows: by `base`, by itself, or not at all. */
  readonly backoff: 'exponential' | 'linear' | 'fixed';
  readonly delayMs: number;
  readonly maxDelayMs: number;
  readonly base: number;
  readonly jitter: number;
  /** Codes, area wildcards, `timeout` or numbers; replaces the built-in list of retryable errors. */
  readonly on: readonly string[] | undefined;
}

/** `tools.retry_policy` (SPEC §14): what counts where nothing nearer is written. */
export type ProjectRetry = Pick<RetryPolicy, 'backoff' | 'delayMs' | 'maxDelayMs'> & {
  /** Undefined = not written. */
  readonly maxRetries: number | undefined;
};

/** Where written retries may stand, the nearest first; `undefined` = not written there. */
export interface RetrySources {
  readonly step: Step;
  readonly rule: ErrorRule | undefined;
  readonly workflowRetries: number | undefined;
  readonly bundleRetries: number | undefined;
  readonly project: ProjectRetry;
  /** The tool's operation is declared `idempotent` or `read_only`, or the action is pure. */
  readonly isRepeatable: boolean;
  /** An agent step that has called no tool with an effect. */
  readonly isAgent: boolean;
}

const DEFAULT_RETRIES = 3;

/** Errors that prove that no effect began (not spawned, connection refused): retried even where nothing is written. */
export const provesNoEffect = (error: Pick<AppError, 'code'> & { readonly details?: AppError['details'] }): boolean =>
  error.code === 'tool.spawn_failed' || error.details?.phase === 'connect';

/** The policy for one error of one step. Retries come from the step, the workflow, the bundle, the project, then the default. */
export function retryPolicyFor(sources: RetrySources, error: AppError): RetryPolicy {
  const written = sources.rule?.retry ?? sources.step.retry;
  const byAction = sources.rule?.action === 'retry' ? DEFAULT_RETRIES : undefined;
  const maxRetries =
    written?.maxRetries ??
    (written === undefined ? undefined : DEFAULT_RETRIES) ??
    byAction ??
    sources.workflowRetries ??
    sources.bundleRetries ??
    sources.project.maxRetries ??
    (sources.isRepeatable || sources.isAgent || provesNoEffect(error) ? DEFAULT_RETRIES : 0);
  return withDefaults(maxRetries, written, sources.project);
}

function withDefaults(maxRetries: number, written: RetrySpec | undefined, project: ProjectRetry): RetryPolicy {
  return {
    maxRetries,
    backoff: written?.base === undefined ? project.backoff : 'exponential',
    delayMs: written?.delayMs ?? project.delayMs,
    maxDelayMs: written?.maxDelayMs ?? project.maxDelayMs,
    base: written?.base ?? 2,
    jitter: written?.jitter ?? 0.1,
    on: written?.on,
  };
}

/** Whatever a step says of its retries. */
const NEVER_AGAIN: ReadonlySet<string> = new Set(['run.cancelled', 'run.timed_out', 'cassette.drift']);

/** Whether this error may be tried again under this policy (SPEC §3.4 "Retryable"). */
export function isRetryable(policy: RetryPolicy, error: AppError, isRepeatable: boolean): boolean {
  if (error.kind === 'in_doubt' || NEVER_AGAIN.has(error.code)) return false;
  if (policy.on !== undefined) return policy.on.some((word) => matchesError(word, error));
  if (error.code === 'tool.timed_out' || error.code === 'agent.timed_out' || error.code === 'agent.silent')
    return isRepeatable;
  return error.retryable;
}

/**
 * SPEC §3.4: `base_delay * exponential_base^(attempt-1)`, attempt from 1 (where the project wants it `base_delay * attempt`, or
 * `base_delay` each time), plus uniform jitter, at most `max_delay`, never
 * negative. `random` is in [0, 1).
 */
export function retryDelayMs(policy: RetryPolicy, attempt: number, random: number): number {
  const { backoff, base } = policy;
  const plain =
    policy.delayMs * (backoff === 'exponential' ? base ** (attempt - 1) : backoff === 'linear' ? attempt : 1);
  const jittered = plain + (random * 2 - 1) * policy.jitter * plain;
  return Math.max(0, Math.min(jittered, policy.maxDelayMs));
}

/** For how long a server wants to be left alone (`Retry-After`, or its limit's reset); null = it did not say. */
export function askedWaitMs({ details }: Pick<AppError, 'details'>): number | null {
  const asked = details?.retry_after_ms;
  return typeof asked === 'number' ? asked : null;
}

/** A provider that lets nothing through for longer than a retry waits: trying again sooner is in vain. */
export const isLongReset = ({ maxDelayMs }: Pick<RetryPolicy, 'maxDelayMs'>, error: AppError): boolean =>
  error.code === 'agent.rate_limited' && (askedWaitMs(error) ?? 0) > maxDelayMs;

/** What a server asked for (`Retry-After`) raises the delay, up to `max_delay`. */
export function atLeastRetryAfter(policy: RetryPolicy, delayMs: number, error: AppError): number {
  const asked = askedWaitMs(error);
  return asked !== null && asked > delayMs ? Math.min(asked, Math.max(delayMs, policy.maxDelayMs)) : delayMs;
}

/** SPEC §1.6 `error_code`: number = HTTP status or exit code; text = code, `area.*`, `timeout`, or `*` for every error. */
export function matchesError(word: string | number, error: AppError): boolean {
  const asNumber = typeof word === 'number' ? word : /^\d+$/.test(word) ? Number(word) : null;
  if (asNumber !== null) return error.details?.exit_code === asNumber || error.details?.status === asNumber;
  const text = String(word);
  if (text === '*') return true;
  if (text === 'timeout') return error.code.endsWith('timed_out');
  if (text.endsWith('.*')) return error.code.startsWith(text.slice(0, -1));
  return error.code === text;
}
