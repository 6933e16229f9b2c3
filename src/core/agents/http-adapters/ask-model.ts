import { AppError } from '../../../shared/errors.ts';
import type { JsonMap } from '../../../shared/json.ts';
import type { TokenUsage } from '../../../shared/model/agent.ts';
import type { AgentRequest } from '../../agent-port/index.ts';
import type { HttpClient, HttpResponse } from '../../http/index.ts';
import { readFirstBytes } from '../../streams/index.ts';
import { estimateTokens } from '../token-estimate.ts';
import { parseMap, readMap } from './json-reading.ts';
import type { Assembly, Dialogue, ModelTurn, Provider, Say } from './provider.ts';
import {
  excerptOf,
  type FailedCall,
  statusError,
  streamError,
  timedOut,
  tooLarge,
  transportError,
} from './reply-errors.ts';
import { onlyTo } from './settings.ts';

/** Text, thinking and arguments of one answer together (SPEC §4.4 "output cap as for tools"). */
const MAX_ANSWER_BYTES = 10 * 1024 * 1024;
/** The frames around each piece of a stream are many times as large as the piece. */
const MAX_STREAM_BYTES = 64 * 1024 * 1024;
const MAX_ERROR_BYTES = 64 * 1024;
/** How long a complete answer is read on: counts of tokens may follow, and its connection can be used again. */
const DRAIN_MS = 2000;

/** One question and the way to its server. */
export interface Line {
  readonly provider: Provider;
  readonly http: HttpClient;
  readonly url: string;
  readonly host: string;
  readonly key: string | null;
  readonly failed: FailedCall;
  readonly request: Pick<AgentRequest, 'signal' | 'note' | 'callBegins' | 'callEnded'>;
  /** `performance.now()` at which the whole question ends. */
  readonly endsAt: number;
}

/** What is known of a call while it runs. */
interface Progress {
  sentChars: number;
  saidChars: number;
  usage: TokenUsage | null;
}

/** Asks for the next answer, plainer where the server does not know a form. What it used is on record, however it ends. */
export async function askModel(line: Line, dialogue: Dialogue): Promise<ModelTurn> {
  const sentChars = JSON.stringify(dialogue.body()).length;
  const held = await line.request.callBegins({ model: line.failed.model, sentChars });
  return askHeld(line, dialogue).finally(held.release);
}

async function askHeld(line: Line, dialogue: Dialogue): Promise<ModelTurn> {
  const progress: Progress = { sentChars: 0, saidChars: 0, usage: null };
  const startedAt = performance.now();
  const end = (model: string | null, error: AppError | null): Promise<void> =>
    line.request.callEnded({
      ...progress,
      model: model ?? line.failed.model,
      durationMs: Math.round(performance.now() - startedAt),
      error,
    });
  const turn = await askPlainly(line, dialogue, progress).catch(async (thrown: unknown) => {
    const error = transportError(thrown, line.failed);
    if (error instanceof AppError) await end(null, error);
    throw error;
  });
  await end(turn.model, null);
  return turn;
}

async function askPlainly(line: Line, dialogue: Dialogue, progress: Progress): Promise<ModelTurn> {
  for (;;) {
    const answer = await send(line, dialogue, progress);
    const { status, receivedAt, headers, body } = answer.response;
    if (status >= 200 && status < 300)
      return await readTurn(line, dialogue.assemble(sayTo(line, progress)), { answer, progress });
    const said = (await readFirstBytes(body, MAX_ERROR_BYTES)).toString('utf8');
    const mayRelax = status === 400 || status === 422;
    if (!mayRelax || !dialogue.relax(excerptOf(said, line.key))) {
      throw statusError({ status, receivedAt, headers, body: said }, line.failed);
    }
  }
}

/** An answer on its way, and the way to let it go. */
interface OpenAnswer {
  readonly response: HttpResponse;
  readonly stop: AbortController;
}

async function send(line: Line, dialogue: Dialogue, progress: Progress): Promise<OpenAnswer> {
  const { provider, key, request } = line;
  const timeoutMs = Math.floor(line.endsAt - performance.now());
  if (timeoutMs <= 0) throw timedOut(line.failed);
  const stop = new AbortController();
  const body = JSON.stringify(dialogue.body());
  progress.sentChars = body.length;
  const response = await line.http.request({
    method: 'POST',
    url: line.url,
    headers: {
      'content-type': 'application/json',
      accept: 'text/event-stream, application/x-ndjson, application/json',
      ...provider.headers(key),
    },
    body,
    signal: AbortSignal.any([request.signal, stop.signal]),
    timeoutMs,
    maxBytes: MAX_STREAM_BYTES,
    ...onlyTo(line.host),
  });
  return { response, stop };
}

async function readTurn(
  line: Line,
  assembly: Assembly,
  { answer, progress }: { readonly answer: OpenAnswer; readonly progress: Progress },
): Promise<ModelTurn> {
  try {
    await readStream(line, assembly, answer);
  } finally {
    progress.usage = assembly.isComplete() ? assembly.usage() : cutShort(assembly.usage(), progress.saidChars);
  }
  const turn = assembly.turn();
  progress.saidChars = turn.calls.reduce(
    (sum, call) => sum + JSON.stringify(call.arguments.input).length,
    turn.text.length,
  );
  return turn;
}

/** An answer that broke off was counted at its beginning at best: what came of it is estimated. */
const cutShort = (counted: TokenUsage | null, saidChars: number): TokenUsage | null =>
  counted === null
    ? null
    : { ...counted, outputTokens: Math.max(counted.outputTokens, estimateTokens(saidChars)), isEstimated: true };

/** Hands the pieces of the answer on and counts them. */
function sayTo({ request, failed }: Line, progress: Progress): Say {
  let bytes = 0;
  const say = (kind: 'text' | 'thinking') => (piece: string) => {
    bytes += Buffer.byteLength(piece);
    progress.saidChars += piece.length;
    if (bytes > MAX_ANSWER_BYTES) throw tooLarge(failed.agent, MAX_ANSWER_BYTES);
    request.note({ kind, text: piece });
  };
  return { text: say('text'), thinking: say('thinking') };
}

/**
 * Takes the events of an answer until it is complete. What goes wrong after that does not matter any more: an answer that is there, and
 * paid for, is never thrown away.
 */
async function readStream(line: Line, assembly: Assembly, { response, stop }: OpenAnswer): Promise<void> {
  const events = createEvents(line, assembly);
  if (/^application\/json\b/i.test(response.headers['content-type'] ?? '')) return events.whole(await response.text());
  const pieces = response.body[Symbol.asyncIterator]();
  let timer: NodeJS.Timeout | null = null;
  try {
    for (;;) {
      const { done, value } = await pieces.next();
      if (done === true) return events.end();
      events.push(value);
      if (events.isOver()) return await readOn(pieces, stop);
      if (assembly.isComplete()) timer ??= setTimeout(() => stop.abort(), DRAIN_MS);
    }
  } catch (thrown) {
    if (!assembly.isComplete() || line.request.signal.aborted) throw thrown;
  } finally {
    if (timer !== null) clearTimeout(timer);
    await pieces.return?.();
  }
}

interface Events {
  push(piece: Uint8Array): void;
  /** The body at once: some servers answer as a whole although they were asked for a stream. */
  whole(text: string): void;
  /** Nothing more comes. Throws when that is not the end of an answer. */
  end(): void;
  /** The end was said, or nothing follows the answer. */
  isOver(): boolean;
}

function createEvents(line: Line, assembly: Assembly): Events {
  const { endMark, createReader } = line.provider;
  const reader = createReader({
    maxBytes: MAX_ANSWER_BYTES,
    tooLong: () => tooLarge(line.failed.agent, MAX_ANSWER_BYTES),
  });
  const unread = keepBytes();
  let count = 0;
  let isEnded = false;
  const take = (data: string, isLast: boolean): void => {
    // Some servers keep the connection awake with empty events.
    if (isEnded || data.trim() === '') return;
    // The mark ends an answer; alone it says nothing, and the body is no answer of a model.
    if (data.trim() === endMark) {
      isEnded = count > 0;
      return;
    }
    // What a cut connection leaves of a last line is no garbage.
    if (isLast && count > 0 && parseMap(data) === null) throw brokenOff(line);
    takeEvent(data, assembly, line);
    count += 1;
  };
  const end = (): void => {
    for (const data of reader.end()) take(data, true);
    if (count === 0 && parseMap(unread.text()) !== null) take(unread.text(), false);
    if (count === 0) throw garbage(line);
    if (!isEnded && !assembly.isComplete()) throw brokenOff(line);
  };
  const push = (piece: Uint8Array): void => {
    if (count === 0) unread.keep(piece);
    for (const data of reader.push(piece)) take(data, false);
  };
  return {
    push,
    end,
    whole: (text) => {
      if (parseMap(text) === null) push(Buffer.from(text));
      else take(text, false);
      end();
    },
    isOver: () => isEnded || (endMark === null && assembly.isComplete()),
  };
}

/** The bytes of a body in which no event was found yet. */
function keepBytes(): { readonly keep: (piece: Uint8Array) => void; readonly text: () => string } {
  const pieces: Uint8Array[] = [];
  let size = 0;
  return {
    keep: (piece) => {
      size += piece.length;
      if (size <= MAX_ANSWER_BYTES) pieces.push(piece);
    },
    text: () => (size > MAX_ANSWER_BYTES ? '' : Buffer.concat(pieces).toString('utf8')),
  };
}

function takeEvent(data: string, assembly: Assembly, line: Line): void {
  const read = readMap(data);
  if (read === null) throw garbage(line);
  const { map: event, notices } = read;
  if (isError(event)) throw streamError(event, line.failed);
  for (const text of notices) line.request.note({ kind: 'note', level: 'warning', text });
  assembly.take(event);
}

/** `error` that says nothing is no error. */
const isError = ({ error, object }: JsonMap): boolean =>
  object === 'error' || (error !== undefined && error !== null && error !== false && error !== '');

/** Reads what is left of a complete answer, so that its connection can be used again; not for long. */
async function readOn(pieces: AsyncIterator<Uint8Array>, stop: AbortController): Promise<void> {
  const timer = setTimeout(() => stop.abort(), DRAIN_MS);
  try {
    while ((await pieces.next()).done !== true);
  } catch {
    // The answer is there: how its connection ends does not matter any more.
  } finally {
    clearTimeout(timer);
  }
}

const garbage = ({ failed }: Line): AppError =>
  new AppError('agent.invalid_reply', `'${failed.agent}' answered something that is no answer of a model.`, {
    hint: 'Check api_base_url: another service may be listening there.',
  });

const brokenOff = ({ failed }: Line): AppError =>
  new AppError('agent.connection_lost', `'${failed.agent}' broke off before its answer was complete.`, {
    hint: 'Try again; if it stays so, look at the state of the service.',
    details: { phase: 'body' },
  });
