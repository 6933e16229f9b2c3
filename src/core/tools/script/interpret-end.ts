import { AppError } from '../../../shared/errors.ts';
import { depthOfText, type Json, MAX_JSON_DEPTH } from '../../../shared/json.ts';
import type { ProcessEnd } from '../../processes/index.ts';
import type { ToolResult } from '../../tool-port/index.ts';

/** SPEC §5.2: bytes of stdout and of stderr. */
export const OUTPUT_LIMIT_BYTES = 10 * 1024 * 1024;
/** What of a failed script's output stands in its error; the end says most. The whole of it is in the log. */
const MAX_MESSAGE_CHARS = 16 * 1024;
const SIGNAL_NUMBERS: Readonly<Record<string, number>> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGILL: 4,
  SIGABRT: 6,
  SIGBUS: 7,
  SIGFPE: 8,
  SIGKILL: 9,
  SIGSEGV: 11,
  SIGPIPE: 13,
  SIGALRM: 14,
  SIGTERM: 15,
};

/** What an ended script means (SPEC §5.2, §16 "Script results"). Every failure is thrown. */
export function interpretEnd(end: ProcessEnd, timeoutMs: number): ToolResult {
  if (end.reason !== 'exited') throw interruption(end, timeoutMs);
  if (end.exitCode !== 0) throw failure(end);
  const warnings = end.stderrCut ? [{ code: 'tool.stderr_cut', message: CUT_NOTICE }] : [];
  return { output: readOutput(end), warnings };
}

const CUT_NOTICE = 'stderr was larger than 10 MiB and is cut';

function interruption(end: ProcessEnd, timeoutMs: number): AppError {
  switch (end.reason) {
    case 'timed_out':
      return new AppError('tool.timed_out', `Script timed out after ${timeoutMs / 1000} seconds`, {
        hint: 'Give the step or the tool a longer `timeout`, or find out what the script waits for.',
        details: { timeout_seconds: timeoutMs / 1000 },
      });
    case 'output_too_large':
      return new AppError('tool.output_too_large', 'The script wrote more than 10 MiB to stdout and was stopped.', {
        hint: 'Write large results to a file in $AIWORKFLOW_RUN_DIR and print its name.',
      });
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

const SPAWN_HINTS: Readonly<Record<string, string>> = {
  ENOENT: 'The script or the interpreter that it names does not exist.',
  EACCES: 'The script may not be executed. Check its permissions.',
  E2BIG: 'Arguments or environment are too large for the system.',
  ENOSPC: 'The disk is full.',
  HELPER_GONE: 'The process that starts scripts ended before this one began. Trying again starts a new one.',
};

function failure(end: ProcessEnd): AppError {
  const code = end.exitCode ?? 128 + (SIGNAL_NUMBERS[end.signal ?? ''] ?? 0);
  const stderr = end.stderr.trim() + (end.stderrCut ? `\n[${CUT_NOTICE}]` : '');
  const said = stderr === '' ? end.stdout.trim() : stderr;
  const shown = said.length > MAX_MESSAGE_CHARS ? `…${said.slice(-MAX_MESSAGE_CHARS)}` : said;
  return new AppError('tool.script_failed', `Script failed with exit code ${code}: ${shown.toWellFormed()}`, {
    retryable: code !== 2,
    details: { exit_code: code, ...(end.signal === null ? {} : { signal: end.signal }) },
  });
}

function readOutput(end: ProcessEnd): Json {
  const text = end.stdout.trim();
  const stderr = end.stderr.trim();
  if (text === '') return stderr === '' ? { success: true } : { success: true, stderr };
  if (depthOfText(text) > MAX_JSON_DEPTH) return text;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}
