import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { AppError } from '../../../shared/errors.ts';
import type { ProcessEnd, ProcessRunner, ProcessSpec } from '../../processes/index.ts';
import { lastWords } from './end-errors.ts';

const CHECK_TIMEOUT_MS = 60_000;
const CHECK_LIMIT_BYTES = 256 * 1024;

export interface CheckCommand {
  readonly agent: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** What holds it, as it holds the questions. */
  readonly held: Pick<ProcessSpec, 'containment' | 'limits'>;
}

/** Starts a program for a health check, outside of every run. Errors: `run.cancelled`, `agent.unhealthy` (it does not end by itself). */
export async function checkProgram(
  runner: ProcessRunner,
  check: CheckCommand,
  signal: AbortSignal,
): Promise<ProcessEnd> {
  const id = `check-${randomUUID()}`;
  const end = await runner.run(
    {
      ...{ runId: id, path: check.agent, attempt: 1, stepKey: id, command: check.command, args: check.args },
      ...{ cwd: tmpdir(), stdin: null, timeoutMs: CHECK_TIMEOUT_MS, outputLimitBytes: CHECK_LIMIT_BYTES },
      env: { ...check.env, AIWORKFLOW_STEP_KEY: id },
      ...check.held,
    },
    { signal, onLine: () => undefined },
  );
  await runner.forget(id);
  if (end.reason === 'exited') return end;
  if (end.reason === 'cancelled') throw new AppError('run.cancelled', `The check of ${check.agent} was stopped.`);
  throw unhealthy(check.agent, `${check.command} did not end by itself (${end.spawnError ?? end.reason}).`);
}

/** The version that a program prints. `agent.unhealthy`. */
export async function checkVersion(
  runner: ProcessRunner,
  check: CheckCommand,
  signal: AbortSignal,
): Promise<string | null> {
  const end = await checkProgram(runner, check, signal);
  if (end.exitCode !== 0) throw unhealthy(check.agent, lastWords(end.stderr === '' ? end.stdout : end.stderr));
  return /\d+(?:\.\d+)+[\w.+-]*/.exec(end.stdout)?.[0] ?? null;
}

/** The error of a program that does not answer as it should. */
export function unhealthy(agent: string, said: string): AppError {
  return new AppError('agent.unhealthy', `The agent ${agent} is not well: ${said === '' ? 'it said nothing' : said}`, {
    hint: 'Start it by hand once and see what it says.',
    details: { agent },
  });
}
