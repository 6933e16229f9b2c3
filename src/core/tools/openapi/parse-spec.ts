import { isBigIntegerText, isJsonMap, type Json, readJsonOrNull } from '../../../shared/json.ts';
import { definitionInvalid } from './definition-error.ts';
import { SPEC_LIMITS } from './spec-limits.ts';

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

/** A number of a YAML text whose spelling says more than its value: `3.10`, `007`, `1e3`, an integer beyond 2^53. */
class SpelledNumber {
  readonly value: number;
  readonly text: string;
  constructor(value: number, text: string) {
    this.value = value;
    this.text = text;
  }

  /** What stands there: the spelling where a text is wanted, the digits of a large integer, else the number. NaN and the like stay. */
  settle(isText: boolean): string | number {
    if (isText) return this.text;
    const digits = this.text.replace(/^\+/, '');
    return isBigIntegerText(digits) ? digits : this.value;
  }
}

type Yaml = typeof import('js-yaml');

/** The core schema of YAML 1.2 with merge keys, as nearly every tool for OpenAPI has it, and numbers that know their spelling. */
function specSchema({ CORE_SCHEMA, floatCoreTag, intCoreTag, mapTag, mergeTag }: Yaml) {
  const spelled = <Tag extends typeof intCoreTag | typeof floatCoreTag>(tag: Tag): Tag => ({
    ...tag,
    resolve: (source, isExplicit, tagName) => {
      const read = tag.resolve(source, isExplicit, tagName);
      return typeof read === 'number' && String(read) !== source ? new SpelledNumber(read, source) : read;
    },
  });
  const keyOf = (key: unknown): unknown => (key instanceof SpelledNumber ? key.text : key);
  const map: typeof mapTag = {
    ...mapTag,
    has: (container, key) => mapTag.has(container, keyOf(key)),
    addPair: (container, key, value) => mapTag.addPair(container, keyOf(key), value),
  };
  return CORE_SCHEMA.withTags(map, mergeTag, spelled(intCoreTag), spelled(floatCoreTag));
}

/** Words of a schema that hold values of its type. */
const VALUES: ReadonlySet<string> = new Set(['enum', 'const', 'default', 'example', 'examples']);

/**
 * Whether what stands under `key` is wanted as text: a value of a schema of texts, or of a variable of an address. `parent` is the key
 * under which the map around the map stands.
 */
function wantsText(map: unknown, key: string, parent: string): boolean {
  if (!isJsonMap(map as Json) || !VALUES.has(key)) return false;
  const { type } = map as { readonly type?: Json };
  if (type === undefined) return parent === 'variables';
  const types: readonly Json[] = Array.isArray(type) ? type : [type];
  return types.includes('string') && !types.includes('number') && !types.includes('integer');
}

/** What a text may hold, found without parsing it. */
interface TextScan {
  /** The deepest nesting of brackets. */
  readonly depth: number;
  /** Commas and opening brackets: the values are at most one more. */
  readonly values: number;
}

const QUOTE = 34;
const COMMA = 44;
const NEW_LINE = 10;
const BACKSLASH = 92;
const isOpening = (unit: number): boolean => unit === 91 || unit === 123;
const isClosing = (unit: number): boolean => unit === 93 || unit === 125;

/** How deep and how wide a JSON text is; strings are skipped. Cheap, and before any parser builds something. */
function scanJson(text: string): TextScan {
  let depth = 0;
  let deepest = 0;
  let values = 0;
  let isString = false;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (isString) {
      if (unit === BACKSLASH) at += 1;
      else if (unit === QUOTE) isString = false;
    } else if (unit === QUOTE) isString = true;
    else if (unit === COMMA) values += 1;
    else if (isOpening(unit)) {
      values += 1;
      depth += 1;
      if (depth > deepest) deepest = depth;
    } else if (isClosing(unit)) depth -= 1;
  }
  return { depth: deepest, values };
}

/** Line ends, commas and opening brackets of a YAML text, wherever they stand: no fewer than it has values. */
function countYamlMarks(text: string): number {
  let marks = 0;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit === NEW_LINE || unit === COMMA || isOpening(unit)) marks += 1;
  }
  return marks;
}
