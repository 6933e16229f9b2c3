import { AppError } from '../../../shared/errors.ts';
import {
  depthOfText,
  isJsonMap,
  type Json,
  type JsonMap,
  MAX_JSON_DEPTH,
  readJsonOrNull,
} from '../../../shared/json.ts';
import type { StepWarning } from '../../../shared/model/run.ts';
import type { ProcessEnd } from '../../processes/index.ts';
import { interruption } from '../script/interpret-end.ts';
import { headlineOf, tailOf } from '../script/last-words.ts';
import { HOST_ERRORS, replyStart } from './protocol.ts';

/** Whose answer is read. */
export interface Asked {
  readonly tool: string;
  readonly operation: string;
  readonly id: string;
  readonly timeoutMs: number;
}

/** What an adapter gave; the warnings name what had to be read otherwise than it was written (SPEC §3.3). */
export interface Reply {
  readonly output: Json;
  readonly warnings: readonly StepWarning[];
}

/**
 * The result in what the process of an adapter left behind. Errors: those of a script that was interrupted, `tool.unknown_operation`,
 * `tool.invalid_params`, `tool.definition_invalid` (the adapter cannot be loaded), `tool.failed`, `tool.invalid_reply`.
 */
export function readReply(end: ProcessEnd, asked: Asked): Reply {
  if (end.reason !== 'exited') throw interruption(end, asked.timeoutMs);
  const start = replyStart(asked.id);
  const line = end.stdout.split('\n').findLast((one) => one.startsWith(start));
  if (line === undefined) throw noAnswer(end, asked);
  const { reply, notices } = parse(line, asked);
  const error = reply.error ?? null;
  if (isJsonMap(error)) throw toAppError(error, asked);
  return { output: reply.result ?? null, warnings: notices.map((message) => ({ code: 'value.changed', message })) };
}

function parse(line: string, { tool }: Asked): { readonly reply: JsonMap; readonly notices: readonly string[] } {
  // Two levels are the answer's own.
  if (depthOfText(line) > MAX_JSON_DEPTH + 1)
    throw unusable(`The adapter of '${tool}' gave a result that is nested too deep.`);
  const read = readJsonOrNull(line);
  if (read === null || !isJsonMap(read.value))
    throw unusable(`The adapter of '${tool}' gave an answer that is no JSON.`);
  // Paths are those of the result: nobody has seen the envelope.
  const notices = read.notices.map(({ message }) =>
    message.replace(/^result(?:\.|(?=\[))/, '').replace(/^result:/, 'value:'),
  );
  return { reply: read.value, notices };
}

/** What was called may have had its effect, so nothing is tried again by itself. */
const unusable = (message: string): AppError => new AppError('tool.invalid_reply', message, { retryable: false });

function noAnswer(end: ProcessEnd, { tool, operation }: Asked): AppError {
  const how = end.signal === null ? `exit code ${end.exitCode}` : `signal ${end.signal}`;
  const said = headlineOf(end.stderr);
  const tail = said === '' ? '' : `: ${said}`;
  return new AppError('tool.failed', `The adapter of '${tool}' ended (${how}) before it answered${tail}`, {
    hint: 'An adapter must return its result; it must not end the process.',
    details: {
      ...{ tool, operation, exit_code: end.exitCode, stderr: tailOf(end.stderr) },
      ...(end.signal === null ? {} : { signal: end.signal }),
    },
  });
}

function toAppError(error: JsonMap, { tool, operation }: Asked): AppError {
  const message = String(error.message ?? '').toWellFormed();
  const data = error.data ?? null;
  const type = isJsonMap(data) && typeof data.type === 'string' ? data.type.slice(0, 200) : 'Error';
  const details = { tool, operation, type, message };
  switch (error.code) {
    case HOST_ERRORS.unknownOperation:
      return new AppError('tool.unknown_operation', `Unknown operation: ${operation}. Available: [${message}]`, {
        details: { tool, operation },
      });
    case HOST_ERRORS.invalidParams:
      return new AppError('tool.invalid_params', `Invalid parameters for ${tool}.${operation}: ${message}`, {
        details,
      });
    case HOST_ERRORS.load:
      return new AppError('tool.definition_invalid', `The adapter of '${tool}' cannot be loaded: ${type}: ${message}`, {
        hint: 'The log holds the whole of it.',
        details,
      });
    case HOST_ERRORS.result:
      return unusable(`The result of ${tool}.${operation} cannot be written as JSON: ${message}`);
    default:
      return new AppError('tool.failed', `${tool}.${operation} failed: ${type}: ${message}`, { details });
  }
}
