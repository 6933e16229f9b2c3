import { AppError } from '../../../../shared/errors.ts';
import type { JsonMap, ReadJson } from '../../../../shared/json.ts';
import type { AgentReply, AgentRequest } from '../../../agent-port/index.ts';
import { readContent } from '../../output/answer-content.ts';
import { type CliAdapterOptions, listOf, mapOf, startSystemTimer, textOf } from '../adapter-options.ts';
import { cancelled, silent, withSpent } from '../end-errors.ts';
import { noticesBelow } from '../json-lines.ts';
import { watchSilence } from '../run-agent-process.ts';
import { type StepLimits, stepLimits } from '../step-limits.ts';
import { modelName } from './open-code-cli.ts';
import { chooseModel, permissionRules, type StepRules } from './open-code-config.ts';
import { sumUsage } from './open-code-events.ts';
import { OPENCODE, openCodeError, replyOf, sayUsed, spentBy } from './open-code-reply.ts';
import type { ServerClient } from './server-client.ts';
import { ServerEvents } from './server-events.ts';
import { stepPlace } from './step-place.ts';

const SHORT_TIMEOUT_MS = 30_000;

interface Talk {
  readonly client: ServerClient;
  readonly request: AgentRequest;
  readonly sessionId: string;
  /** `?directory=`: the server serves many. */
  readonly query: string;
}

/** One question to `opencode serve` (SPEC §4.4): a session of its own with the step's rules, ended for real on cancel and timeout. */
export async function askServer(
  options: CliAdapterOptions,
  client: ServerClient,
  request: AgentRequest,
): Promise<AgentReply> {
  const limits = stepLimits(request.permissions);
  checkRequest(request, limits);
  const model = chooseModel(request.model, options);
  const query = `?directory=${encodeURIComponent(request.workDir)}`;
  const sessionId = await openSession(client, request, {
    query,
    rules: { limits, place: await stepPlace(request.workDir, false) },
  });
  const talk = { client, request, sessionId, query };
  const silence = watchSilence(options.startTimer ?? startSystemTimer);
  const over = new AbortController();
  const signal = AbortSignal.any([request.signal, silence.signal]);
  const watched = watchEvents(talk, AbortSignal.any([signal, over.signal]), {
    onHeard: silence.heard,
    onTurn: (answers) => sayUsed(request, spentOn(answers), modelName(model)),
  });
  try {
    await watched.connected;
    const answer = await say(talk, { model: modelParts(model), signal });
    await watched.idle;
    return readReply(answer, modelName(model), watched.answers());
  } catch (thrown) {
    await abortSession(talk);
    const spent = spentBy(spentOn(watched.answers().values()));
    if (silence.signal.aborted) throw withSpent(silent(OPENCODE), spent);
    if (request.signal.aborted) throw withSpent(cancelled(OPENCODE), spent);
    throw thrown;
  } finally {
    over.abort();
    silence.stop();
  }
}

interface Watched {
  readonly connected: Promise<void>;
  readonly idle: Promise<void>;
  readonly answers: () => ReadonlyMap<string, JsonMap>;
}

/** What only a process of its own can be given. */
function checkRequest({ mcpServers }: AgentRequest, limits: StepLimits): void {
  if (mcpServers.length === 0 && limits.env === null) return;
  const what = limits.env === null ? 'MCP servers' : 'an environment';
  throw new AppError('agent.incompatible', `The OpenCode server cannot be given ${what} for a single step.`, {
    hint: "Write 'opencode_mode: auto' or 'cli' under 'agent.configs.opencode'.",
    details: { agent: OPENCODE },
  });
}

const modelParts = (model: ReturnType<typeof chooseModel>): JsonMap =>
  model === null ? {} : { model: { providerID: model.providerId, modelID: model.modelId } };

async function openSession(
  client: ServerClient,
  { signal }: AgentRequest,
  { query, rules }: { readonly query: string; readonly rules: StepRules },
): Promise<string> {
  const body = { title: 'A step of a workflow', permission: permissionRules(rules) };
  const { value: opened } = await client.call({
    ...{ method: 'POST', path: `/session${query}`, body, signal, timeoutMs: SHORT_TIMEOUT_MS },
  });
  const id = textOf(mapOf(opened).id);
  if (id !== null && /^[\w-]+$/.test(id)) return id;
  throw new AppError('agent.invalid_reply', 'The OpenCode server opened no session.', { details: { agent: OPENCODE } });
}

/**
 * Reads events beside the question. `connected` resolves with the first of them, `idle` when the session is done; both when there are
 * no more, for the answer itself does not depend on them. Never rejects.
 */
function watchEvents(
  { client, request, sessionId, query }: Talk,
  signal: AbortSignal,
  { onHeard, onTurn }: { readonly onHeard: () => void; readonly onTurn: (answers: Iterable<JsonMap>) => void },
): Watched {
  const connected = Promise.withResolvers<void>();
  const events = new ServerEvents(sessionId, request.note);
  const read = async (): Promise<void> => {
    for await (const event of client.events(`/event${query}`, signal, request.timeoutMs)) {
      connected.resolve();
      const { isOurs, isTurn, isIdle } = events.read(event);
      if (isOurs) onHeard();
      if (isTurn) onTurn(events.answers.values());
      if (isIdle) return;
    }
  };
  const idle = read()
    .catch(() => undefined)
    .finally(connected.resolve);
  return { connected: connected.promise, idle, answers: () => events.answers };
}

async function say(
  { client, request, sessionId, query }: Talk,
  { model, signal }: { readonly model: JsonMap; readonly signal: AbortSignal },
): Promise<ReadJson> {
  const isStructured = request.schema !== null && request.schema.type === 'object';
  const format = isStructured ? { format: { type: 'json_schema', schema: request.schema } } : {};
  const body = { ...model, ...format, parts: [{ type: 'text', text: request.prompt }] };
  const path = `/session/${sessionId}/message${query}`;
  return await client.call({ method: 'POST', path, body, signal, timeoutMs: request.timeoutMs });
}

function readReply(read: ReadJson, model: string | null, answers: ReadonlyMap<string, JsonMap>): AgentReply {
  const answer = mapOf(read.value);
  const last = mapOf(answer.info);
  // Turns in which it called tools are messages of their own.
  const spent = spentOn(new Map([...answers, [textOf(last.id) ?? '', last]]).values());
  const error = mapOf(last.error);
  const used = model ?? (textOf(last.modelID) === null ? null : `${last.providerID}/${last.modelID}`);
  // It gave no structured answer: the text is checked like that of every other agent.
  if (last.error !== undefined && last.error !== null && error.name !== 'StructuredOutputError')
    throw openCodeError(error, { usage: spent.usage, model: used, log: '' });
  const texts = listOf(answer.parts)
    .map(mapOf)
    .filter((part) => part.type === 'text');
  const text = texts.map((part) => readContent(part.text).text).join('');
  const reply = replyOf(spent, text, used);
  return last.structured === undefined || last.structured === null
    ? reply
    : { ...reply, structured: last.structured, notices: noticesBelow(read.notices, 'info.structured') };
}

/** What messages of the model came to. */
function spentOn(answers: Iterable<JsonMap>): Parameters<typeof spentBy>[0] {
  const infos = [...answers];
  return {
    usage: sumUsage(infos.map((info) => mapOf(info.tokens))),
    cost: infos.reduce((sum, info) => sum + (typeof info.cost === 'number' ? info.cost : 0), 0),
  };
}

/** Ends what the session does. The server may be gone: then nothing is left to end. */
async function abortSession({ client, sessionId, query }: Talk): Promise<void> {
  const path = `/session/${sessionId}/abort${query}`;
  const signal = new AbortController().signal;
  await client.call({ method: 'POST', path, signal, timeoutMs: SHORT_TIMEOUT_MS }).catch(() => undefined);
}
