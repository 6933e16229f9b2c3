import { type Json, readJsonOrNull } from '../../../shared/json.ts';
import { definitionInvalid } from './definition-error.ts';
import { countYamlMarks, scanJson } from './scan-text.ts';
import { SPEC_LIMITS } from './spec-limits.ts';
import { SpelledNumber, specSchema, wantsText } from './spelled-number.ts';

/** A parsed text of a spec. */
export interface ParsedSpec {
  readonly value: Json;
  /** Values in it, aliases counted for what they stand for. */
  readonly values: number;
  /** Every text that stands under a `$ref`, in the order of the file. */
  readonly references: readonly string[];
}

/**
 * Reads a YAML or JSON text. `name` is what messages call it. Nothing is resolved. Error: `tool.definition_invalid` for what is no
 * YAML or JSON, and for what is too large, too deep or stands for too much.
 */
export async function parseSpec(text: string, name: string): Promise<ParsedSpec> {
  const plain = text.replace(/^\uFEFF/, '');
  const value = /^\s*[{[]/.test(plain) ? await parseJsonOrYaml(plain, name) : await parseYamlText(plain, name);
  return measure(value, name);
}

/** A text that begins like JSON may still be YAML in flow style. */
async function parseJsonOrYaml(text: string, name: string): Promise<unknown> {
  const { depth, values } = scanJson(text);
  if (depth > SPEC_LIMITS.depth) throw tooDeep(name);
  if (values > SPEC_LIMITS.values) throw tooMany(name);
  const read = readJsonOrNull(text);
  return read === null ? parseYamlText(text, name) : read.value;
}

async function parseYamlText(text: string, name: string): Promise<unknown> {
  if (countYamlMarks(text) > SPEC_LIMITS.yamlMarks) throw tooMany(name);
  // Specs are ten times as large as any file of ours: this reader keeps no positions and is four times as fast.
  const yaml = await import('js-yaml');
  try {
    return yaml.load(text, { schema: specSchema(yaml), maxTotalMergeKeys: SPEC_LIMITS.mergedKeys });
  } catch (cause) {
    throw definitionInvalid(`${name} cannot be read: ${firstLine(cause)}.`, undefined, cause);
  }
}

const MAX_REASON = 200;

function firstLine(cause: unknown): string {
  const message = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : 'unknown reason';
  return message.slice(0, MAX_REASON);
}

interface Visit {
  readonly value: unknown;
  readonly depth: number;
  /** The key that it stands under, and the one of the map or list around it. */
  readonly key: string;
  readonly parent: string;
  /** Numbers of a list are wanted as texts. */
  readonly isText: boolean;
}

/**
 * Settles the numbers, counts what the value stands for and refuses what is not JSON. A YAML alias is the same object again and
 * counts again, so that an alias to itself is too deep and aliases of aliases are too many.
 */
function measure(root: unknown, name: string): ParsedSpec {
  const references: string[] = [];
  const open: Visit[] = [{ value: root, depth: 0, key: '', parent: '', isText: false }];
  let values = 0;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, depth } = next;
    values += 1;
    if (values > SPEC_LIMITS.values) throw tooMany(name);
    if (depth > SPEC_LIMITS.depth) throw tooDeep(name);
    if (typeof value !== 'object' || value === null) {
      if (!isJsonScalar(value)) throw definitionInvalid(`${name} holds a value that JSON cannot hold.`);
      continue;
    }
    if (!isPlain(value)) throw definitionInvalid(`${name} holds a value that JSON cannot hold.`);
    const keys = Object.keys(value);
    if (values + open.length + keys.length > SPEC_LIMITS.values) throw tooMany(name);
    if ('$ref' in value && typeof value.$ref === 'string') references.push(value.$ref);
    for (const key of keys) open.push(settleChild(next, value as Record<string, unknown>, key));
  }
  return { value: root as Json, values, references };
}

function settleChild(of: Visit, container: Record<string, unknown>, key: string): Visit {
  const isText = Array.isArray(container) ? of.isText : wantsText(container, key, of.parent);
  const child = container[key];
  const value = child instanceof SpelledNumber ? child.settle(isText) : child;
  // In place: the text was parsed for us alone.
  if (value !== child) container[key] = value;
  return { value, depth: of.depth + 1, key, parent: of.key, isText };
}

const isJsonScalar = (value: unknown): boolean =>
  value === null || typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value);

/** Dates, sets and bytes of YAML's older tags are none. */
function isPlain(value: object): boolean {
  if (Array.isArray(value)) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

const tooDeep = (name: string): Error =>
  definitionInvalid(`${name} nests values more than ${SPEC_LIMITS.depth} levels deep.`);
const tooMany = (name: string): Error =>
  definitionInvalid(
    `${name} holds too many values for one tool.`,
    'Use a spec that lists only the operations that you need.',
  );
