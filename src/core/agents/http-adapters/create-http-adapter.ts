import type { AgentAdapter, AgentProbe, AgentReply, AgentRequest } from '../../agent-port/index.ts';
import { askModel, type Line } from './ask-model.ts';
import { createFunctionNames } from './function-names.ts';
import { parseMap, textIn } from './json-reading.ts';
import type { Provider, Question } from './provider.ts';
import { type ErrorAnswer, type FailedCall, statusError, transportError } from './reply-errors.ts';
import {
  type HttpAgentOptions,
  type HttpAgentSettings,
  hostOf,
  onlyTo,
  readBaseUrl,
  readKey,
  readSettings,
  urlBelow,
} from './settings.ts';
import { runToolLoop } from './tool-loop.ts';

const PROBE_TIMEOUT_MS = 10_000;
const MAX_PROBE_BYTES = 4 * 1024 * 1024;

/** An agent that is reached by one HTTP request an answer. It has no hands of its own: whatever it does goes through `callTool`. */
export function createHttpAdapter(provider: Provider, options: HttpAgentOptions): AgentAdapter {
  const settings = readSettings(provider, options);
  const self: Self = { provider, options, settings };
  return {
    name: settings.name,
    provider: provider.provider,
    kind: 'http',
    capabilities: provider.capabilities,
    defaultModel: settings.model,
    timeoutMs: settings.timeoutMs,
    enforces: ['read', 'write', 'commands', 'hosts', 'env'],
    reportsCalls: true,
    isInstalled: async () => true,
    probe: (signal) => probe(self, signal),
    ask: (request) => ask(self, request),
    // Connections belong to the HTTP client, which its owner closes.
    close: async () => undefined,
  };
}

interface Self {
  readonly provider: Provider;
  readonly options: HttpAgentOptions;
  readonly settings: HttpAgentSettings;
}

async function ask(self: Self, request: AgentRequest): Promise<AgentReply> {
  const { provider, settings } = self;
  const model = request.model ?? settings.model;
  const names = createFunctionNames(request.tools.map((one) => one.name));
  const question: Question = {
    model,
    prompt: request.prompt,
    schema: request.schema,
    maxTokens: request.maxTokens,
    functions: request.tools.map((one) => ({ ...one, name: names.toWire(one.name) })),
    settings,
  };
  const line = openLine(self, request, model);
  const reply = await runToolLoop({
    agent: settings.name,
    request,
    names,
    dialogue: provider.begin(question),
    askModel: (dialogue) => askModel(line, dialogue),
  });
  return { ...reply, model: reply.model ?? model, usage: null, reportedCost: null };
}

function openLine({ provider, options, settings }: Self, request: AgentRequest, model: string): Line {
  const base = readBaseUrl(provider, options);
  const key = readKey(provider, options, base);
  const failed = failedCall({ provider, options, settings }, { model, key, timeoutMs: request.timeoutMs });
  return {
    provider,
    http: options.http,
    url: urlBelow(base, provider.chatPath),
    host: hostOf(base),
    key,
    failed,
    request,
    endsAt: performance.now() + request.timeoutMs,
  };
}

const failedCall = (
  { provider, settings }: Self,
  call: Pick<FailedCall, 'model' | 'key' | 'timeoutMs'>,
): FailedCall => ({
  ...call,
  agent: settings.name,
  unknownModelHint: provider.unknownModelHint(call.model, settings.name),
});

/** Reached, and logged in as far as that is free to find out. */
async function probe(self: Self, signal: AbortSignal): Promise<AgentProbe> {
  const { provider } = self;
  const base = readBaseUrl(provider, self.options);
  const key = readKey(provider, self.options, base);
  const failed = failedCall(self, { model: self.settings.model, key, timeoutMs: PROBE_TIMEOUT_MS });
  const look = (path: string): Promise<ErrorAnswer> =>
    get(self, { url: urlBelow(base, path), host: hostOf(base), key, signal });
  try {
    const listed = await look(provider.probe.list);
    const isGood = listed.status >= 200 && listed.status < 300;
    // Some compatible servers have no list of models: they are reached all the same.
    if (!isGood && !(listed.status === 404 && provider.probe.mayLackList)) throw statusError(listed, failed);
    const said = provider.probe.version === null ? null : await look(provider.probe.version);
    return { version: said === null ? null : textIn(parseMap(said.body)?.version) || null };
  } catch (thrown) {
    throw transportError(thrown, failed);
  }
}

interface Look {
  readonly url: string;
  readonly host: string;
  readonly key: string | null;
  readonly signal: AbortSignal;
}

async function get({ provider, options }: Self, { url, host, key, signal }: Look): Promise<ErrorAnswer> {
  const response = await options.http.request({
    method: 'GET',
    url,
    headers: { accept: 'application/json', ...provider.headers(key) },
    signal,
    timeoutMs: PROBE_TIMEOUT_MS,
    maxBytes: MAX_PROBE_BYTES,
    ...onlyTo(host),
  });
  const { status, receivedAt, headers } = response;
  return { status, receivedAt, headers, body: await response.text() };
}
