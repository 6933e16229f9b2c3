import { createHash } from 'node:crypto';

/** `tool.operation` and what providers accept for it, both ways. */
export interface FunctionNames {
  /** `[a-zA-Z0-9_-]{1,64}`, never two the same. */
  toWire(name: string): string;
  /** Only what was given out, or the plain name itself; null = nobody granted that. */
  fromWire(wire: string): string | null;
}

const MAX_CHARS = 64;
const ODD = /[^a-zA-Z0-9_-]/g;

/** A name that a model made up, as the next request may repeat it: servers refuse a talk that holds any other. */
export const repeatableName = (name: string): string => name.replace(ODD, '_').slice(0, MAX_CHARS) || 'nameless';

/** The function of our own whose arguments are the answer, where a provider has no better way to ask for a schema. */
export const ANSWER_FUNCTION = 'give_answer';

/** Names for the functions of one question; none is `ANSWER_FUNCTION`. */
export function createFunctionNames(names: readonly string[]): FunctionNames {
  const used = new Set([ANSWER_FUNCTION]);
  const toWire = new Map<string, string>();
  for (const name of names) {
    const plain = name.replaceAll('.', '__').replace(ODD, '_');
    const isFree = plain.length > 0 && plain.length <= MAX_CHARS && !used.has(plain);
    const wire = isFree ? plain : unlike(name, plain, used);
    used.add(wire);
    toWire.set(name, wire);
  }
  const fromWire = new Map([...[...toWire.keys()].map((name) => [name, name] as const), ...flip(toWire)]);
  return {
    toWire: (name) => toWire.get(name) ?? name,
    fromWire: (wire) => fromWire.get(wire) ?? null,
  };
}

const flip = (map: ReadonlyMap<string, string>): readonly (readonly [string, string])[] =>
  [...map].map(([name, wire]) => [wire, name]);

/** The name with a piece of its hash, for names that are too long or the same after the change. */
function unlike(name: string, plain: string, used: ReadonlySet<string>): string {
  for (let turn = 0; ; turn += 1) {
    const hash = createHash('sha256').update(`${turn}:${name}`).digest('hex').slice(0, 10);
    const wire = `${plain.slice(0, MAX_CHARS - hash.length - 1)}_${hash}`;
    if (!used.has(wire)) return wire;
  }
}
