import type { JsonMap } from '../../../shared/json.ts';
import type { AgentReply, AgentRequest } from '../../agent-port/index.ts';
import type { ProcessEnd, ProcessRunner } from '../../processes/index.ts';
import { MAX_LINE_CHARS } from '../../streams/index.ts';
import type { CliAdapterOptions } from './adapter-options.ts';
import { interruptionOf } from './end-errors.ts';
import { parseEvent } from './json-lines.ts';
import { type PrivateFile, removePrivateFiles } from './private-file.ts';
import { type AgentCommand, processKey, runAgentProcess } from './run-agent-process.ts';

/** What listens to an agent that prints JSON events. */
export interface EventListener {
  readonly request: AgentRequest;
  /** Goes as soon as the agent has said something: by then it has read it. */
  readonly file: PrivateFile | null;
  readonly onEvent: (event: JsonMap) => void;
  /** A line of stderr. Default: it becomes a note. */
  readonly onLog?: (line: string) => void;
}

const MAX_STDERR_CHARS = 2000;

/** Runs an agent that prints JSON events and hands them on as they come. Errors as `runAgentProcess`. */
export async function askProcess(
  options: Pick<CliAdapterOptions, 'runner' | 'startTimer' | 'config' | 'projectPath'>,
  command: AgentCommand,
  { request, file, onEvent, onLog = noteLine(request) }: EventListener,
): Promise<ProcessEnd> {
  const feed = joinLines(
    (line) => {
      const event = parseEvent(line);
      if (event === null) return;
      void file?.remove();
      onEvent(event);
    },
    (text) => parseEvent(text) !== null,
  );
  const onLine = (stream: 'stdout' | 'stderr', line: string): void => {
    if (stream === 'stdout') feed(line);
    else if (line.trim() !== '') onLog(line);
  };
  try {
    return await runAgentProcess(options, command, { ...request, onLine });
  } finally {
    await file?.remove();
  }
}

export const noteLine =
  ({ note }: Pick<AgentRequest, 'note'>) =>
  (line: string): void =>
    note({ kind: 'note', level: 'info', text: line.slice(0, MAX_STDERR_CHARS) });

/** The answer that the process of a question gave while no engine was there; null = nobody knows (SPEC §3.8). */
export async function recoverProcess(
  runner: ProcessRunner,
  agent: string,
  request: Omit<AgentRequest, 'signal' | 'callTool'>,
  read: (end: ProcessEnd) => AgentReply,
): Promise<AgentReply | null> {
  const found = await runner.lookup(processKey(request));
  await removePrivateFiles(request);
  // Ended by hand or for its silence: nobody knows how far it was.
  if (found.kind !== 'ended' || found.end.reason === 'cancelled') return null;
  const interruption = interruptionOf(found.end, { agent, timeoutMs: request.timeoutMs, isSilent: false });
  if (interruption !== null) throw interruption;
  const reply = read(found.end);
  request.note({ kind: 'note', level: 'info', text: 'The answer came while the app was not running.' });
  if (reply.text !== '') request.note({ kind: 'text', text: reply.text });
  return reply;
}

/** A piece can be one unit shorter so that a letter stays whole. */
const FULL_PIECE = MAX_LINE_CHARS - 1;
/** No event is longer; what is, is dropped from the live view (the answer is read from the record of the process). */
const MAX_JOINED_CHARS = 8 * 1024 * 1024;

/** Puts the pieces of long lines together again: JSON lines of agents may hold whole files. */
export function joinLines(onLine: (line: string) => void, isWhole: (text: string) => boolean): (piece: string) => void {
  let held = '';
  let isDropping = false;
  return (piece) => {
    const line = held + piece;
    // A full piece may be the end of its line; only what ends like an event is worth a look.
    const isCut = piece.length >= FULL_PIECE && !(piece.endsWith('}') && isWhole(line));
    if (isCut) {
      isDropping ||= line.length > MAX_JOINED_CHARS;
      held = isDropping ? ' ' : line;
      return;
    }
    if (!isDropping) onLine(line);
    held = '';
    isDropping = false;
  };
}
