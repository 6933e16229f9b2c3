import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import { AppError } from '../../../shared/errors.ts';
import {
  depthOfText,
  isJsonMap,
  type Json,
  type JsonMap,
  MAX_JSON_DEPTH,
  readJsonOrNull,
} from '../../../shared/json.ts';
import { failureReply } from './mcp-transport.ts';
import type { Oddities } from './oddities.ts';
import { plainText } from './plain-text.ts';

export type RequestId = number | string;

/** Under this key of `_meta` a result names what of it was read otherwise than it was written (SPEC §3.3). Only we write it. */
export const NOTICES = 'aiworkflow/notices';
/** An answer has a few levels of its own around what it carries; what is deeper is read plainly and refused later. */
const MAX_MESSAGE_DEPTH = MAX_JSON_DEPTH + 20;
const MAX_EXCERPT_CHARS = 200;
const UNKNOWN_ERROR_CODE = -32_000;

/**
 * Makes messages of what a server writes and knows which requests wait for an answer. Tolerates what does no harm (SPEC §5.3) and names
 * it; an answer that cannot be understood fails its request at once: nobody waits for what has come already.
 */
export class MessageIntake {
  readonly #oddities: Oddities;
  readonly #waiting = new Set<RequestId>();
  #highest = -1;

  constructor(oddities: Oddities) {
    this.#oddities = oddities;
  }

  /** Requests without an answer. */
  get waiting(): readonly RequestId[] {
    return [...this.#waiting];
  }

  sent(id: RequestId): void {
    this.#waiting.add(id);
    if (typeof id === 'number') this.#highest = Math.max(this.#highest, id);
  }

  /** The request has failed by itself, or was called off. */
  settled(id: RequestId): void {
    this.#waiting.delete(id);
  }

  /** The messages of a line or an event: requests, notifications, and one answer at most to each request that waits. */
  take(bytes: Buffer): readonly JSONRPCMessage[] {
    const text = bytes.toString('utf8').trim();
    if (text.includes('\uFFFD') && !isUtf8(bytes)) this.#oddities.note('bytes that are no UTF-8', text);
    const read = readMessage(text);
    if (read === null) return this.#takeBroken(text);
    const { value } = read;
    if (!Array.isArray(value)) return this.#takeOne(value, read, text);
    if (value.length === 0) this.#oddities.stray(text);
    return (value as readonly Json[]).flatMap((one, index) => {
      const prefix = `[${index}].`;
      const notices = read.notices
        .filter((notice) => notice.startsWith(prefix))
        .map((notice) => notice.slice(prefix.length));
      return this.#takeOne(one, { notices }, text);
    });
  }

  #takeOne(value: Json, { notices }: Pick<ReadMessage, 'notices'>, text: string): readonly JSONRPCMessage[] {
    if (!isJsonMap(value)) return this.#stray(text);
    const { method, id } = value;
    if (typeof method === 'string') return [this.#fromServer(value, method)];
    const isAnswer = Object.hasOwn(value, 'result') || Object.hasOwn(value, 'error');
    const asked = this.#requestOf(id ?? null, isAnswer && value.error != null);
    if (asked === null) return isAnswer ? this.#unasked(id ?? null) : this.#stray(text);
    if (value.jsonrpc !== '2.0') this.#oddities.note('a message without \'"jsonrpc": "2.0"\'');
    this.#waiting.delete(asked);
    return [this.#answer(asked, value, notices)];
  }

  #fromServer({ id, params }: JsonMap, method: string): JSONRPCMessage {
    if (params != null && !isJsonMap(params)) this.#oddities.note("'params' that are no map", method);
    const own = isJsonMap(params) ? { params } : {};
    const isRequest = typeof id === 'string' || Number.isInteger(id);
    return { jsonrpc: '2.0', ...(isRequest ? { id: id as RequestId } : {}), method, ...own } as JSONRPCMessage;
  }

  /** The waiting request that an id means: its own, or the same digits as a text; an error without an id means the only one. */
  #requestOf(id: Json, isError: boolean): RequestId | null {
    if ((typeof id === 'number' || typeof id === 'string') && this.#waiting.has(id)) return id;
    const spelled = this.waiting.find((one) => id !== null && String(one) === String(id));
    if (spelled !== undefined) {
      this.#oddities.note('an id that is a text instead of a number');
      return spelled;
    }
    const [only, ...others] = this.waiting;
    if (id !== null || !isError || only === undefined || others.length > 0) return null;
    this.#oddities.note('an error without the id of its request');
    return only;
  }

  #answer(id: RequestId, value: JsonMap, notices: readonly string[]): JSONRPCMessage {
    const { result, error } = value;
    const isNoError = error === undefined || error === null || (isJsonMap(result) && isEmpty(error));
    if (!isNoError) return { jsonrpc: '2.0', id, error: this.#errorOf(error) };
    if (Object.hasOwn(value, 'error')) this.#oddities.note(`'error: ${JSON.stringify(error)}' beside a result`);
    if (!isJsonMap(result)) return failureReply(id, notUnderstood(`its result is ${nameOf(result)} instead of a map`));
    const { _meta, ...own } = result;
    const told = notices.map((notice) => notice.replace(/^result(?:\.|(?=\[))/, ''));
    return { jsonrpc: '2.0', id, result: { ...own, ...(told.length === 0 ? {} : { _meta: { [NOTICES]: told } }) } };
  }

  #errorOf(error: Json): { readonly code: number; readonly message: string; readonly data?: Json } {
    const map = isJsonMap(error) ? error : {};
    const { code, message, data } = map;
    if (!Number.isInteger(code) || typeof message !== 'string')
      this.#oddities.note('an error without code and message');
    return {
      code: Number.isInteger(code) ? Number(code) : UNKNOWN_ERROR_CODE,
      message: typeof message === 'string' ? message : typeof error === 'string' ? error : JSON.stringify(error),
      ...(data === undefined ? {} : { data }),
    };
  }

  /** What begins like a message and is no JSON answers somebody; a text before an answer is a print that forgot its line end. */
  #takeBroken(text: string): readonly JSONRPCMessage[] {
    const start = text.search(/\{\s*"(?:jsonrpc|id|result)"/);
    const inner = start > 0 ? readMessage(text.slice(start)) : null;
    if (inner !== null && isJsonMap(inner.value) && !('method' in inner.value)) {
      this.#oddities.note('a text before a message in one line', text.slice(0, start));
      return this.#takeOne(inner.value, inner, text);
    }
    const plain = text.replace(/[\0\uFFFD\uFEFF]/g, '').trimStart();
    if (!/^[[{]/.test(plain) || !/["']jsonrpc["']/.test(plain)) return this.#stray(text);
    const written = /["']id["']\s*:\s*["']?(\d{1,15})/.exec(plain)?.[1];
    const found = this.waiting.find((one) => String(one) === written);
    this.#oddities.note('a message that is no JSON', plain);
    const failed = found === undefined ? this.waiting : [found];
    for (const id of failed) this.#waiting.delete(id);
    const excerpt = plainText(plain.slice(0, MAX_EXCERPT_CHARS), false);
    return failed.map((id) => failureReply(id, notUnderstood(`it is no JSON in UTF-8: ${excerpt}`)));
  }

  #unasked(id: Json): readonly [] {
    if (typeof id === 'number' && id <= this.#highest) this.#oddities.late(id);
    else this.#oddities.note('an answer under an id that nobody asked', `id ${JSON.stringify(id)}`);
    return [];
  }

  #stray(text: string): readonly [] {
    this.#oddities.stray(text);
    return [];
  }
}

interface ReadMessage {
  readonly value: Json;
  readonly notices: readonly string[];
}

function readMessage(text: string): ReadMessage | null {
  try {
    if (depthOfText(text) > MAX_MESSAGE_DEPTH) return { value: JSON.parse(text) as Json, notices: [] };
  } catch {
    return null;
  }
  const read = readJsonOrNull(text);
  return read === null ? null : { value: read.value, notices: read.notices.map(({ message }) => message) };
}

function isUtf8(bytes: Buffer): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/** `{}`, `""`, `false` and `0` as they stand for "no error" in some languages. */
const isEmpty = (error: Json): boolean =>
  error === '' ||
  error === false ||
  error === 0 ||
  (typeof error === 'object' && error !== null && Object.keys(error).length === 0);

const nameOf = (value: Json | undefined): string =>
  value === undefined ? 'missing' : value === null ? 'null' : Array.isArray(value) ? 'a list' : `a ${typeof value}`;

/** The work may be done all the same, so nothing is tried again by itself. */
const notUnderstood = (what: string): AppError =>
  new AppError('tool.invalid_reply', `The MCP server gave an answer that cannot be understood: ${what}.`, {
    hint: 'The tool may have done its work all the same. Look before you call it again.',
    retryable: false,
  });
