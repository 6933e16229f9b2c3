import { constants } from 'node:os';
import { AppError } from '../../../shared/errors.ts';
import { depthOfText, type Json, type JsonMap, MAX_JSON_DEPTH, readJsonOrNull } from '../../../shared/json.ts';
import type { StepWarning } from '../../../shared/model/run.ts';
import type { BrokenLimit, ProcessEnd } from '../../processes/index.ts';
import type { ToolResult } from '../../tool-port/index.ts';
import { headlineOf, tailOf } from './last-words.ts';

/** SPEC §5.2: bytes of stdout and of stderr. */
export const OUTPUT_LIMIT_BYTES = 10 * 1024 * 1024;
/** What an ended script means (SPEC §5.2, §16 "Script results"). Every failure is thrown. */
export function interpretEnd(end: ProcessEnd, timeoutMs: number): ToolResult {
  if (end.reason !== 'exited') throw interruption(end, timeoutMs);
  if (end.exitCode !== 0) throw failure(end);
  const { output, warnings } = readOutput(end);
  return { output, warnings: end.stderrCut ? [...warnings, STDERR_CUT] : warnings };
}

const STDERR_CUT: StepWarning = {
  code: 'tool.stderr_cut',
  message: 'stderr was larger than 10 MiB: its first 2 MiB and its last 8 MiB are kept',
};

/** Why a process did not come to its own end; also for the processes of modules. */
export function interruption(end: ProcessEnd, timeoutMs: number): AppError {
  switch (end.reason) {
    case 'timed_out':
      return new AppError('tool.timed_out', `Script timed out after ${timeoutMs / 1000} seconds`, {
        hint: "Give the step or the tool a longer 'timeout', or find out what the script waits for.",
        details: { timeout_seconds: timeoutMs / 1000, ...tailsOf(end) },
      });
    case 'output_too_large':
      return new AppError('tool.output_too_large', 'The script wrote more than 10 MiB to stdout and was stopped.', {
        hint: 'Write large results to a file in $AIWORKFLOW_RUN_DIR and print its name.',
      });
    case 'memory_exceeded':
    case 'cpu_exceeded':
    case 'too_many_processes':
      return limitExceeded('The script', end.reason, tailsOf(end));
    case 'cancelled':
      return new AppError('run.cancelled', 'The script was stopped because the run was cancelled.');
    default:
      return new AppError(
        'tool.spawn_failed',
        `The script could not be started: ${end.spawnError ?? 'unknown reason'}`,
        {
          hint: end.stderr === '' ? SPAWN_HINTS[end.spawnError ?? ''] : end.stderr,
          details: { system_code: end.spawnError ?? null },
        },
      );
  }
}

/** What was ended because it went beyond a limit of its tool. */
export const limitExceeded = (what: string, limit: BrokenLimit, details: JsonMap = {}): AppError =>
  new AppError('tool.limit_exceeded', `${what} was stopped: ${LIMIT_WORDS[limit]}.`, {
    hint: "Raise the limit under 'limits' of the tool, or let it do less at a time.",
    details: { limit, ...details },
  });

/** Each broken limit in words. */
export const LIMIT_WORDS = {
  memory_exceeded: 'it used more memory than its tool may',
  cpu_exceeded: 'it used more processor time than its tool may',
  too_many_processes: 'it started more processes than its tool may have at a time',
} as const;

const SPAWN_HINTS: Readonly<Record<string, string>> = {
  ENOENT: 'The script or the interpreter that it names does not exist.',
  EACCES: 'The script may not be executed. Check its permissions.',
  E2BIG: 'Arguments or environment are too large for the system.',
  ENOSPC: 'The disk is full.',
  HELPER_GONE: 'The process that starts scripts ended before this one began. Trying again starts a new one.',
};

function failure(end: ProcessEnd): AppError {
  const code = end.exitCode ?? 128 + signalNumber(end.signal);
  const silence = end.signal === null ? 'it printed nothing' : `it was ended by ${end.signal}`;
  const headline = headlineOf(end.stderr, end.stdout);
  return new AppError('tool.script_failed', `Script failed with exit code ${code}: ${headline || silence}`, {
    retryable: code !== 2,
    details: { exit_code: code, ...(end.signal === null ? {} : { signal: end.signal }), ...tailsOf(end) },
  });
}

const signalNumber = (name: string | null): number => constants.signals[name as NodeJS.Signals] ?? 0;

/** The ends of both streams as far as there is something in them. */
function tailsOf({ stderr, stdout }: ProcessEnd): JsonMap {
  const tails = { stderr: tailOf(stderr), stdout: tailOf(stdout) };
  return Object.fromEntries(Object.entries(tails).filter(([, tail]) => tail !== ''));
}

/** SPEC §5.2 and §3.3: JSON of any kind is the value, every digit kept; all else is the text. */
function readOutput(end: ProcessEnd): { readonly output: Json; readonly warnings: readonly StepWarning[] } {
  const text = end.stdout.trim();
  const stderr = end.stderr.trim();
  if (text === '') return { output: stderr === '' ? { success: true } : { success: true, stderr }, warnings: [] };
  const isTooDeep = depthOfText(text) > MAX_JSON_DEPTH;
  const read = isTooDeep ? null : readJsonOrNull(text);
  const notices = (read?.notices ?? []).map(({ message }) => ({ code: 'value.changed', message }));
  const problems = [
    ...(text.includes('\uFFFD') ? [NOT_UTF8] : []),
    ...(isTooDeep ? [notJson('it is nested too deep')] : []),
    ...(read === null && !isTooDeep && LOOKS_LIKE_JSON.test(text) ? [notJson('it is none')] : []),
  ];
  return { output: read === null ? text : read.value, warnings: [...problems, ...notices] };
}

/** A map or a list from the first character to the last, as `print` of a Python dict gives one. */
const LOOKS_LIKE_JSON = /^(?:\{[\s\S]*\}|\[\s*[[{"'\d][\s\S]*\])$/;

const NOT_UTF8: StepWarning = {
  code: 'tool.output_not_utf8',
  message: 'The output holds bytes that are no UTF-8 text; \uFFFD stands for each of them',
};

const notJson = (why: string): StepWarning => ({
  code: 'tool.output_not_json',
  message: `The output looks like JSON, but ${why}: it is kept as text`,
});
