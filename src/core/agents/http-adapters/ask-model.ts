import { AppError } from '../../../shared/errors.ts';
import type { TokenUsage } from '../../../shared/model/agent.ts';
import type { AgentRequest } from '../../agent-port/index.ts';
import type { HttpClient, HttpResponse } from '../../http/index.ts';
import { readFirstBytes } from '../../streams/index.ts';
import { estimateTokens } from '../token-estimate.ts';
import { parseMap } from './json-reading.ts';
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

/** Text, thinking and arguments of one answer together (SPEC §4.4 "output cap as for tools"). */
const MAX_ANSWER_BYTES = 10 * 1024 * 1024;
/** The frames around each piece of a stream are many times as large as the piece. */
const MAX_STREAM_BYTES = 64 * 1024 * 1024;
const MAX_ERROR_BYTES = 64 * 1024;
/** How long a complete answer is read on, so that its connection can be used again. */
const DRAIN_MS = 500;

/** One question and the way to its server. */
export interface Line {
  readonly provider: Provider;
  readonly http: HttpClient;
  readonly url: string;
  readonly host: string;
  readonly key: string | null;
  readonly failed: FailedCall;
  readonly request: Pick<AgentRequest, 'signal' | 'note' | 'callEnded'>;
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
    allowedHosts: [line.host],
  });
  return { response, stop };
}

async function readTurn(
  line: Line,
  assembly: Assembly,
  { answer, progress }: { readonly answer: OpenAnswer; readonly progress: Progress },
): Promise<ModelTurn> {
  try {
    if (line.provider.readsWhole && /^application\/json\b/i.test(answer.response.headers['content-type'] ?? '')) {
      takeEvent(await answer.response.text(), assembly, line);
    } else await readStream(line, assembly, answer);
    if (!assembly.isComplete()) throw brokenOff(line);
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

async function readStream(line: Line, assembly: Assembly, { response, stop }: OpenAnswer): Promise<void> {
  const tooLong = (): Error => tooLarge(line.failed.agent, MAX_ANSWER_BYTES);
  const reader = line.provider.createReader({ maxBytes: MAX_ANSWER_BYTES, tooLong });
  const pieces = response.body[Symbol.asyncIterator]();
  let count = 0;
  try {
    for (;;) {
      const { done, value } = await pieces.next();
      for (const data of done === true ? reader.end() : reader.push(value)) {
        if (isEnd(data, line, assembly)) return await readOn(pieces, stop);
        // What a cut connection leaves of a last line is no garbage.
        if (done === true && count > 0 && parseMap(data) === null) throw brokenOff(line);
        count += takeEvent(data, assembly, line) ? 1 : 0;
      }
      if (done === true) break;
      if (line.provider.endMark === null && assembly.isComplete()) return await readOn(pieces, stop);
    }
  } finally {
    await pieces.return?.();
  }
  if (count === 0) throw garbage(line);
}

const isEnd = (data: string, { provider }: Line, assembly: Assembly): boolean =>
  data.trim() === provider.endMark && assembly.isComplete();

/** False = only the mark of the end, which says nothing by itself. */
function takeEvent(data: string, assembly: Assembly, line: Line): boolean {
  if (data.trim() === line.provider.endMark) return false;
  const event = parseMap(data);
  if (event === null) throw garbage(line);
  if (event.error !== undefined && event.error !== null) throw streamError(event, line.failed);
  assembly.take(event);
  return true;
}

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
