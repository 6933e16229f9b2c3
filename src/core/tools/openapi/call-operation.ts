import { AppError } from '../../../shared/errors.ts';
import type { Json, JsonMap } from '../../../shared/json.ts';
import type { StepWarning } from '../../../shared/model/run.ts';
import type { HttpResponse } from '../../http/index.ts';
import type { ToolCall, ToolResult } from '../../tool-port/index.ts';
import type { ToolAuth } from '../registry-port.ts';
import type { AccessTokens, WantedToken } from './access-tokens.ts';
import { type AuthorizedRequest, authorize } from './authorize.ts';
import { addressOf, buildRequest, type RequestDraft } from './build-request.ts';
import { inputNames } from './check-inputs.ts';
import type { OpenSpec, ReadyOperation } from './open-spec.ts';
import { itemsOf, nextPage, type Page, type Pagination, readPagination } from './paginate.ts';
import { invalidParameter } from './parameter-errors.ts';
import { httpError, readOutput } from './read-answer.ts';
import type { Send } from './send.ts';
import type { Pair } from './serialize-value.ts';
import { own } from './spec-documents.ts';

/** One call of one operation with all that it needs. */
export interface OperationCall {
  readonly tool: string;
  readonly spec: OpenSpec;
  readonly ready: ReadyOperation;
  readonly base: string;
  readonly auth: () => Promise<ToolAuth>;
  readonly tokens: AccessTokens;
  readonly send: Send;
  /** Where a relative address of the spec is meant from. */
  readonly specUrl: string | null;
  readonly log: ToolCall['log'];
}

/** SPEC §5.4: bytes of the answer, of all pages together. */
const MAX_BYTES = 10 * 1024 * 1024;

/** Checks, sends and reads. Nothing is sent before the inputs are right and the login is there. */
export async function callOperation(call: OperationCall, inputs: JsonMap): Promise<ToolResult> {
  const { operation, check } = call.ready;
  const written = takesPagination(call) ? own(inputs, 'paginate') : undefined;
  const pagination = written === undefined || written === null ? null : readPagination(written);
  if (pagination !== null && operation.method !== 'get') throw invalidParameter('paginate', 'is only for GET');
  const plain =
    written === undefined ? inputs : Object.fromEntries(Object.entries(inputs).filter(([name]) => name !== 'paginate'));
  const draft = buildRequest({ documents: call.spec.documents, operation, base: call.base }, await check(plain));
  const auth = operation.isOpen ? null : await call.auth();
  const ask = (one: RequestDraft, maxBytes: number): Promise<Read> => askOnce(call, { draft: one, auth, maxBytes });
  if (pagination === null) {
    const { output, warnings } = (await ask(draft, MAX_BYTES)).page;
    return { output, warnings };
  }
  return readPages(ask, draft, pagination);
}

/** Unless the service has a parameter of that name itself. */
const takesPagination = ({ ready }: OperationCall): boolean => !inputNames(ready.operation).includes('paginate');

interface Read {
  readonly page: Page;
  readonly bytes: number;
}

interface Question {
  readonly draft: RequestDraft;
  readonly auth: ToolAuth | null;
  readonly maxBytes: number;
}

async function askOnce(call: OperationCall, question: Question): Promise<Read> {
  const { answer, secrets } = await askWithLogin(call, question);
  const action = `${call.tool}.${call.ready.operation.name}`;
  const line = `${question.draft.method} ${question.draft.address} ${answer.status}`;
  if (answer.status < 200 || answer.status > 299) {
    const { error, said } = await httpError(answer, { action, secrets });
    call.log('log', said === '' ? line : `${line}: ${said}`);
    throw error;
  }
  call.log('log', line);
  const text = await answer.text();
  const { output, warnings } = readOutput(text, answer, call.ready.operation.output !== null);
  const page: Page = { output, warnings, headers: answer.headers, url: answer.url };
  return { page, bytes: Buffer.byteLength(text) };
}

interface Answered {
  readonly answer: HttpResponse;
  readonly secrets: readonly string[];
}

async function askWithLogin(call: OperationCall, { draft, auth, maxBytes }: Question): Promise<Answered> {
  if (auth?.type !== 'oauth2') return transmit(call, authorized(call, draft, { auth, accessToken: null }), maxBytes);
  const wanted = wantedToken(call, auth);
  const attempt = async (): Promise<Answered> => {
    const accessToken = await call.tokens.get(wanted, call.send);
    return transmit(call, authorized(call, draft, { auth, accessToken }), maxBytes);
  };
  const first = await attempt();
  if (first.answer.status !== 401) return first;
  // The token was withdrawn before its time: nothing was done with it, so that a new one may try the same again.
  call.tokens.forget(wanted);
  await first.answer.text();
  return attempt();
}

interface Login {
  readonly auth: ToolAuth | null;
  readonly accessToken: string | null;
}

function authorized(call: OperationCall, draft: RequestDraft, { auth, accessToken }: Login): AuthorizedRequest {
  if (auth === null) return { draft, secrets: [] };
  return authorize(draft, { tool: call.tool, operation: call.ready.operation, auth, accessToken });
}

async function transmit(
  call: OperationCall,
  { draft, secrets }: AuthorizedRequest,
  maxBytes: number,
): Promise<Answered> {
  const cookie = draft.cookies.map(([name, value]) => `${name}=${value}`).join('; ');
  const headers = cookie === '' ? draft.headers : { ...draft.headers, cookie };
  const { method, body } = draft;
  const answer = await call.send({ method, url: addressOf(draft), headers, body, maxBytes });
  return { answer, secrets };
}

function wantedToken(call: OperationCall, auth: ToolAuth): WantedToken {
  const scheme = call.ready.operation.schemes.find((one) => one.type === 'oauth2');
  if (scheme === undefined) {
    throw new AppError('tool.not_configured', `The spec of '${call.tool}' does not say where a token is fetched.`, {
      hint: "Use 'bearer_token' with a token of your own.",
    });
  }
  const tokenUrl = /^https?:\/\//i.test(scheme.tokenUrl)
    ? scheme.tokenUrl
    : (URL.parse(scheme.tokenUrl, call.specUrl ?? `${call.base}/`)?.href ?? scheme.tokenUrl);
  return { tool: call.tool, tokenUrl, auth, scopes: scheme.scopes };
}

async function readPages(
  ask: (draft: RequestDraft, maxBytes: number) => Promise<Read>,
  first: RequestDraft,
  pagination: Pagination,
): Promise<ToolResult> {
  const items: Json[] = [];
  const warnings: StepWarning[] = [];
  const seen = new Set<string>();
  let draft = first;
  let left = MAX_BYTES;
  for (let count = 1; ; count++) {
    const { page, bytes } = await ask(draft, left);
    left -= bytes;
    items.push(...itemsOf(page, pagination));
    warnings.push(...page.warnings);
    const next = nextPage(page, pagination);
    if (next === null || seen.has(next)) return { output: items, warnings };
    if (count === pagination.maxPages) {
      const message = `There are more than ${count} pages; the rest was not fetched. 'max_pages' allows more.`;
      return { output: items, warnings: [...warnings, { code: 'tool.pages_left', message }] };
    }
    seen.add(next);
    draft = { ...first, address: next.replace(/[?#].*$/s, ''), query: pairsOf(next) };
  }
}

/** The query of an address, encoded as it is. */
function pairsOf(address: string): readonly Pair[] {
  const { search } = new URL(address);
  if (search.length < 2) return [];
  return search
    .slice(1)
    .split('&')
    .map((pair) => {
      const at = pair.indexOf('=');
      return at === -1 ? ([pair, ''] as const) : ([pair.slice(0, at), pair.slice(at + 1)] as const);
    });
}
