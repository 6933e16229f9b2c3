import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Json } from '../../../src/shared/json.ts';
import { waitUntil } from '../wait-until.ts';
import type { Answer, ModelRequest, StatusAnswer } from './answer.ts';
import { defaultAnswer } from './default-answer.ts';
import { readRequest } from './read-request.ts';
import { sendAnswer, WIRES } from './send-answer.ts';

/** Says what the model answers. `n` counts the questions that scripts see, from 1. */
export type Script = (request: ModelRequest, n: number) => Answer | Promise<Answer>;

export interface ModelServerOptions {
  /** Default: every model but those whose name begins with `unknown`. */
  readonly knows?: (model: string) => boolean;
  /** When given, other keys are refused as the providers do. */
  readonly keys?: readonly string[];
}

/** A model server on loopback that speaks the providers' wire formats and answers what a test tells it to. */
export interface ModelServer {
  /** `http://127.0.0.1:PORT`: base URL for Anthropic and Ollama. */
  readonly url: string;
  /** With `/v1`: base URL for OpenAI-compatible clients. */
  readonly openAiUrl: string;
  readonly port: number;
  /**
   * What the next questions get: a list is used up in order, then default answers come. A function is asked for each question. Small
   * questions that command-line agents ask besides (`isAside`) get default answers. Replaces the script before.
   */
  script(answers: readonly Answer[] | Script): void;
  /** What a path answers from now on instead of what it is there for, for example `/api/tags`. */
  tell(path: string, answer: StatusAnswer): void;
  /** Everything that was asked, in order of arrival. */
  readonly requests: readonly ModelRequest[];
  /** The questions to a model that a script sees: no lists, no counts, no asides. */
  questions(): readonly ModelRequest[];
  /** Resolves as soon as a request like that is there; it may have come before. Default: any question. */
  waitForRequest(isWanted?: (request: ModelRequest) => boolean): Promise<ModelRequest>;
  /** The `n`th question, from 1. */
  waitForQuestion(n: number): Promise<ModelRequest>;
  /** Forgets requests, script and what paths were told. */
  reset(): void;
  close(): Promise<void>;
}

interface Desk {
  readonly options: ModelServerOptions;
  readonly requests: ModelRequest[];
  readonly told: Map<string, StatusAnswer>;
  script: Script;
}

const isQuestion = (request: ModelRequest): boolean => request.format !== null && !request.isAside;

export async function startModelServer(options: ModelServerOptions = {}): Promise<ModelServer> {
  const desk: Desk = { options, requests: [], told: new Map(), script: defaultAnswer };
  const server = createServer((incoming, response) => {
    serve(desk, incoming, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const questions = (): readonly ModelRequest[] => desk.requests.filter(isQuestion);
  const waitFor = async (what: string, find: () => ModelRequest | undefined): Promise<ModelRequest> => {
    await waitUntil(what, () => find() !== undefined);
    return find() as ModelRequest;
  };
  return {
    url,
    port,
    openAiUrl: `${url}/v1`,
    requests: desk.requests,
    questions,
    script: (answers) => {
      desk.script = typeof answers === 'function' ? answers : queue(answers);
    },
    tell: (path, answer) => desk.told.set(path, answer),
    waitForRequest: (isWanted = isQuestion) => waitFor('the model server is asked', () => desk.requests.find(isWanted)),
    waitForQuestion: (n) => waitFor(`question ${n} reaches the model server`, () => questions()[n - 1]),
    reset: () => {
      desk.requests.length = 0;
      desk.told.clear();
      desk.script = defaultAnswer;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function queue(answers: readonly Answer[]): Script {
  const left = [...answers];
  return (request) => left.shift() ?? defaultAnswer(request);
}

async function serve(desk: Desk, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const closed = new Promise<'answered' | 'aborted'>((resolve) => {
    response.once('close', () => resolve(response.writableFinished ? 'answered' : 'aborted'));
  });
  const read = await readRequest(incoming);
  const request = { ...read, number: desk.requests.length + 1, closed };
  desk.requests.push(request);
  const { format, model } = request;
  const wire = WIRES[format ?? (request.headers['anthropic-version'] === undefined ? 'openai' : 'anthropic')];
  if (!hasGoodKey(request, desk.options)) return sendJson(response, 401, wire.error(401, 'invalid x-api-key'));
  const told = desk.told.get(request.path);
  if (told !== undefined) return sendAnswer({ request, wire, response }, told);
  if (format === null) return sendJson(response, ...plainAnswer(request));
  const { knows = (name: string) => !/^unknown/.test(name) } = desk.options;
  if (model === null) return sendJson(response, 400, wire.error(400, 'model: Field required'));
  if (!knows(model)) return sendJson(response, 404, wire.unknownModel(model));
  const script = request.isAside ? defaultAnswer : desk.script;
  await sendAnswer({ request, wire, response }, await script(request, desk.requests.filter(isQuestion).length));
}

function hasGoodKey({ headers }: ModelRequest, { keys }: ModelServerOptions): boolean {
  const key = headers['x-api-key'] ?? headers.authorization?.replace(/^Bearer /, '');
  // Anthropic always wants one; compatible servers on this machine do not.
  if (keys === undefined) return headers['anthropic-version'] === undefined || key !== undefined;
  return key !== undefined && keys.includes(key);
}

function sendJson(response: ServerResponse, status: number, body: Json): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

/** What is asked besides questions to a model. */
function plainAnswer({ method, path, bodyText }: ModelRequest): [number, Json] {
  switch (`${method} ${path}`) {
    case 'POST /v1/messages/count_tokens':
      return [200, { input_tokens: Math.ceil(bodyText.length / 4) }];
    case 'GET /v1/models':
      return [200, { object: 'list', has_more: false, data: MODELS.map(modelCard) }];
    case 'GET /api/tags':
      return [200, { models: MODELS.map((name) => ({ name, model: name, size: 4_661_224_676 })) }];
    case 'GET /api/version':
      return [200, { version: '0.14.2' }];
    default:
      return [404, { error: { type: 'not_found_error', message: 'Not found' } }];
  }
}

const MODELS = ['llama3', 'gpt-4o', 'claude-sonnet-4-5'];

const modelCard = (id: string): Json => ({ id, type: 'model', object: 'model', created: 1, display_name: id });
