import type { ControlCenter } from '../core/control-center.ts';
import { MAX_CALL_BYTES, type WireAnswer } from '../shared/contract/index.ts';
import { AppError, toErrorRecord } from '../shared/errors.ts';
import type { Caller } from '../shared/model/access.ts';

/** What a door needs of the control center. */
export type CenterPort = Pick<ControlCenter, 'call' | 'subscribe'>;

/** One call as it crosses a door, before the contract has looked at `input`. */
export interface CallEnvelope {
  readonly name: string;
  readonly input: unknown;
}

/** Deeper values are refused by every door: neither the contract nor a structured clone need ever recurse further. */
export const MAX_DEPTH = 100;
const MAX_NAME_LENGTH = 100;

const refused = (message: string): AppError => new AppError('contract.invalid_input', message);
const tooLarge = (): AppError =>
  new AppError('contract.too_large', `The call is larger than ${MAX_CALL_BYTES / 1024 / 1024} MiB.`);

/** Parses JSON text that came through a door. Throws `contract.invalid_input`. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new AppError('contract.invalid_input', 'The call is not valid JSON.', { cause });
  }
}

/** Checks the form of one call: exactly `name` and `input`, plain JSON, bounded in depth and size. */
export function checkCallEnvelope(value: unknown): CallEnvelope {
  if (!isPlainObject(value)) throw refused("A call is an object with 'name' and 'input'.");
  checkPlainJson(value);
  for (const key of Object.keys(value)) {
    if (key !== 'name' && key !== 'input') throw refused("A call has no other fields than 'name' and 'input'.");
  }
  const { name, input } = value;
  if (typeof name !== 'string' || name.length > MAX_NAME_LENGTH) throw refused('The name of a call is a short text.');
  return { name, input: input === undefined ? {} : input };
}

/**
 * Refuses what is not plain JSON (`undefined` counts as left out), has an own `__proto__` key, is nested deeper than
 * `MAX_DEPTH` or larger than `MAX_CALL_BYTES`. Walks with a list of its own: a hostile value cannot exhaust the stack, and a
 * cyclic, shared or sparse one ends at the depth or size bound.
 */
export function checkPlainJson(root: unknown): void {
  const open: { readonly container: object; readonly depth: number }[] = [];
  let size = 0;
  const visit = (value: unknown, depth: number): void => {
    size += sizeOfScalar(value);
    if (size > MAX_CALL_BYTES) throw tooLarge();
    if (typeof value !== 'object' || value === null) return;
    if (depth > MAX_DEPTH) throw refused(`The call is nested deeper than ${MAX_DEPTH} levels.`);
    open.push({ container: value, depth });
  };
  visit(root, 1);
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { container, depth } = next;
    if (Array.isArray(container)) {
      for (const item of container) visit(item, depth + 1);
      continue;
    }
    if (!isPlainObject(container)) throw refused('The call holds a value that is not plain JSON.');
    for (const key of Object.keys(container)) {
      if (key === '__proto__') throw refused('The call holds a key that is not allowed.');
      size += key.length;
      visit(container[key], depth + 1);
    }
  }
}

/** Never more than the bytes of the same value as JSON. */
function sizeOfScalar(value: unknown): number {
  switch (typeof value) {
    case 'string':
      return value.length + 1;
    case 'object':
    case 'boolean':
    case 'undefined':
      return 1;
    case 'number':
      if (Number.isFinite(value)) return 1;
      throw refused('The call holds a number that is not finite.');
    default:
      throw refused('The call holds a value that is not plain JSON.');
  }
}

/** True for an object as JSON or a structured clone makes it, in this realm or another. */
function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** Makes the call; a control center that throws (a bug) still answers with a record. */
export async function answerCall(center: CenterPort, envelope: CallEnvelope, caller: Caller): Promise<WireAnswer> {
  try {
    return await center.call(envelope.name, envelope.input, caller);
  } catch (thrown) {
    return { ok: false, error: toErrorRecord(thrown) };
  }
}

/** Throws what the control center says to somebody who may not hear what happens. */
export async function requireFollow(center: CenterPort, caller: Caller): Promise<void> {
  const answer = await answerCall(center, { name: 'app.follow', input: {} }, caller);
  if (!answer.ok) throw AppError.fromRecord(answer.error);
}
