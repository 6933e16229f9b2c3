import { isJsonMap, type Json, type JsonMap } from '../../../shared/json.ts';
import { countIn, mapIn, textIn } from './json-reading.ts';
import type { WantedCall } from './provider.ts';
import { readArguments } from './tool-arguments.ts';

/** Puts the pieces of function calls together. */
export interface CallPieces {
  take(piece: JsonMap): void;
  calls(): readonly WantedCall[];
}

interface OpenCall {
  id: string;
  name: string;
  readonly index: number | null;
  /** Each a piece of JSON text, or the arguments as a value. */
  readonly written: Json[];
  /** Depth of the brackets so far and whether they have closed: cheap to keep while pieces come. */
  readonly brackets: Brackets;
}

interface Brackets {
  depth: number;
  isText: boolean;
  isEscaped: boolean;
  hasClosed: boolean;
}

/** What a piece says, as far as it says anything. */
interface Piece {
  readonly id: string;
  readonly index: number | null;
  readonly name: string;
  readonly given: Json;
}

/**
 * Servers tell the pieces of several calls apart in their own ways: by index, by id, by both, or only by their order. A piece belongs to
 * the call with its id, else to the last one at its index (or the last one at all), unless it begins a call of its own: it has a name,
 * and that call has another id, another name, or arguments that are complete. A call that comes once more as a whole is the same call.
 */
export function createCallPieces(): CallPieces {
  const open: OpenCall[] = [];
  return {
    take: (piece) => {
      const { name, arguments: given } = mapIn(piece.function);
      take(open, { id: textIn(piece.id), index: countIn(piece.index), name: textIn(name), given: given ?? null });
    },
    calls: () =>
      open.map(({ id, name, written }, place) => ({
        id: id === '' ? `call_${place + 1}` : id,
        name,
        arguments: readArguments(written),
      })),
  };
}

function take(open: OpenCall[], piece: Piece): void {
  const before = callBefore(open, piece);
  const { id, index, name, given } = piece;
  if (before !== undefined && isRepeated(before, piece)) return;
  const call =
    before === undefined || beginsAnew(before, piece)
      ? { id, name, index, written: [], brackets: noBrackets() }
      : before;
  if (call !== before) open.push(call);
  call.id ||= id;
  call.name ||= name;
  if (given === null) return;
  call.written.push(given);
  if (typeof given === 'string') follow(call.brackets, given);
  else call.brackets.hasClosed = true;
}

function callBefore(open: readonly OpenCall[], { id, index }: Piece): OpenCall | undefined {
  const same = open.findLast((one) => id !== '' && one.id === id && (index === null || one.index === index));
  return same ?? (index === null ? open.at(-1) : open.findLast((one) => one.index === index));
}

function isRepeated({ id, name, written, brackets }: OpenCall, piece: Piece): boolean {
  if (piece.id === '' || piece.id !== id || piece.name !== name || !brackets.hasClosed) return false;
  const { given } = piece;
  return typeof given === 'string'
    ? written.every((one) => typeof one === 'string') && written.join('') === given
    : JSON.stringify(written) === JSON.stringify([given]);
}

function beginsAnew(before: OpenCall, { id, name }: Piece): boolean {
  // Some servers make up a new id for every piece: only a name begins a call.
  if (name === '' || before.name === '') return false;
  return (id !== '' && before.id !== '' && id !== before.id) || name !== before.name || before.brackets.hasClosed;
}

const noBrackets = (): Brackets => ({ depth: 0, isText: false, isEscaped: false, hasClosed: false });

function follow(state: Brackets, text: string): void {
  for (const char of text) {
    if (state.isEscaped) state.isEscaped = false;
    else if (state.isText) {
      if (char === '\\') state.isEscaped = true;
      else if (char === '"') state.isText = false;
    } else if (char === '"') state.isText = true;
    else if (char === '{' || char === '[') state.depth += 1;
    else if (char === '}' || char === ']') {
      state.depth -= 1;
      state.hasClosed ||= state.depth === 0;
    }
  }
}

/** The pieces of a message's `tool_calls`: a list, or the one call itself. */
export const callsIn = (value: Json | undefined): readonly JsonMap[] =>
  Array.isArray(value) ? (value as readonly Json[]).map(mapIn) : isJsonMap(value) ? [value] : [];
