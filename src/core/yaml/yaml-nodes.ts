import {
  type Alias,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { grouped } from '../../shared/grouped.ts';
import { bigIntegerNotice, type Json, type JsonMap } from '../../shared/json.ts';
import { FALSE_KEY_FIX, type FreeStretch, falseKeyMessage, falseSpaceInKey } from './false-spaces.ts';
import { YAML_LIMITS } from './yaml-limits.ts';
import type { Spot, YamlSource } from './yaml-source.ts';

/** A YAML value with its place: `at` is its offset in the text of its source. */
export type YamlNode = ScalarNode | MapNode | ListNode;

export interface ScalarNode extends Spot {
  readonly kind: 'scalar';
  /** An integer beyond ±(2^53-1) is its decimal text (SPEC §3.3). */
  readonly value: null | boolean | number | string;
  readonly end: number;
  /** The text as written, without quotes: keeps `1.0` apart from `1`. */
  readonly raw: string;
  readonly style: 'plain' | 'quoted' | 'block';
}

export interface MapEntry extends Spot {
  readonly key: string;
  readonly node: YamlNode;
}

export interface MapNode extends Spot {
  readonly kind: 'map';
  readonly value: JsonMap;
  readonly entries: ReadonlyMap<string, MapEntry>;
}

export interface ListNode extends Spot {
  readonly kind: 'list';
  readonly value: readonly Json[];
  readonly items: readonly YamlNode[];
}

/**
 * What a scalar says where a text is wanted (SPEC §3.3): a plain one keeps the spelling that it has in the file (`3.10`, `01234`,
 * `1e7`, `True`). Undefined for lists, maps and nothing.
 */
export function scalarText(node: YamlNode): string | undefined {
  if (node.kind !== 'scalar' || node.value === null) return undefined;
  const isText = typeof node.value === 'string' && (node.style !== 'plain' || !BIG_INTEGER.test(node.raw));
  return isText ? String(node.value) : node.raw;
}

/** The value where texts are wanted: a scalar as it is spelled, everything else as it is. */
export const spelledValue = (node: YamlNode): Json => scalarText(node) ?? node.value;

/** A map without keys. */
export const emptyMap = (spot: Spot): MapNode => ({ kind: 'map', value: {}, ...spotOf(spot), entries: new Map() });

const spotOf = ({ source, at }: Spot): Spot => ({ source, at });

/**
 * Two maps as one, key by key, at every level (SPEC §5.2, §14): for anything else the later one counts. A map that the later one
 * leaves empty stays.
 */
export function mergeMaps(earlier: MapNode, later: MapNode): MapNode {
  const entries = new Map(earlier.entries);
  for (const [key, entry] of later.entries) {
    const before = entries.get(key)?.node;
    if (before?.kind !== 'map') entries.set(key, entry);
    else if (entry.node.kind === 'map') entries.set(key, { ...entry, node: mergeMaps(before, entry.node) });
    else if (!isNothing(entry.node)) entries.set(key, entry);
  }
  const value = Object.fromEntries([...entries].map(([key, { node }]) => [key, node.value]));
  return { kind: 'map', value, ...spotOf(later), entries };
}

/** Nothing is written there. A number that cannot be stored has no value either, but is a text. */
export const isNothing = (node: YamlNode): boolean =>
  node.kind === 'scalar' && node.value === null && node.style === 'plain' && /^(?:~|null|Null|NULL)?$/.test(node.raw);

/** Called for every problem in the values: message, offset, what to write instead. `fatal` = what comes after it was not read. */
export type NodeProblem = (kind: 'fatal' | 'error' | 'warning', message: string, at: number, fix?: string) => void;

/** A parsed text. */
export interface ComposedYaml {
  readonly source: YamlSource;
  readonly root: Node | null;
  /** `__proto__` is a key like any other instead of an error. */
  readonly keepsProtoKey: boolean;
  /** Told of every quoted and block scalar: what stands in them is free. */
  readonly onFree?: (stretch: FreeStretch) => void;
}

interface Conversion extends ComposedYaml {
  readonly problem: NodeProblem;
  /** The keys and indexes that lead to what is converted now. */
  readonly path: (string | number)[];
  /** Finished anchors: the node and how many nodes it holds. */
  readonly anchors: Map<string, { readonly node: YamlNode; readonly size: number }>;
  size: number;
  aliasSize: number;
  stopped: boolean;
}

const CORE_TAG = 'tag:yaml.org,2002:';
const ALLOWED_TAGS: ReadonlySet<string> = new Set(
  ['str', 'int', 'float', 'bool', 'null', 'map', 'seq'].map((t) => CORE_TAG + t),
);

/** Turns the parsed YAML into plain values with places, and reports what SPEC §1 forbids. */
export function convertYaml(yaml: ComposedYaml, problem: NodeProblem): YamlNode {
  return convert(yaml.root, 0, 0, {
    ...yaml,
    problem,
    path: [],
    anchors: new Map(),
    size: 0,
    aliasSize: 0,
    stopped: false,
  });
}

/** A scalar that holds nothing. */
export function nothing({ source, at }: Spot): ScalarNode {
  return { kind: 'scalar', value: null, source, at, end: at, raw: '', style: 'plain' };
}

/** Ends the conversion: the rest of the text becomes null. */
function stop(state: Conversion, message: string, at: number): ScalarNode {
  if (!state.stopped) state.problem('fatal', message, at);
  state.stopped = true;
  return nothing({ source: state.source, at });
}

function convert(node: unknown, depth: number, at: number, state: Conversion): YamlNode {
  if (state.stopped) return nothing({ source: state.source, at });
  if (isAlias(node)) return convertAlias(node, state);
  if (!isScalar(node) && !isMap(node) && !isSeq(node)) return nothing({ source: state.source, at });
  const start = node.range?.[0] ?? at;
  if (depth > YAML_LIMITS.depth) {
    return stop(state, `Values are nested more than ${YAML_LIMITS.depth} levels deep`, start);
  }
  const before = state.size;
  state.size += 1;
  checkTag(node, start, state);
  const converted = isScalar(node)
    ? convertScalar(node, start, state)
    : isMap(node)
      ? convertMap(node, depth, start, state)
      : convertList(node, depth, start, state);
  if (node.anchor !== undefined) state.anchors.set(node.anchor, { node: converted, size: state.size - before });
  return converted;
}

function convertAlias(alias: Alias, state: Conversion): YamlNode {
  const at = alias.range?.[0] ?? 0;
  const target = state.anchors.get(alias.source);
  if (target === undefined) {
    state.problem('error', `Alias '*${alias.source}' has no anchor before it`, at);
    return nothing({ source: state.source, at });
  }
  state.aliasSize += target.size;
  state.size += target.size;
  if (state.aliasSize > YAML_LIMITS.aliasNodes) {
    return stop(state, `Aliases stand for more than ${grouped(YAML_LIMITS.aliasNodes)} values`, at);
  }
  return target.node;
}

function checkTag(node: Node, at: number, state: Conversion): void {
  const tag = node.tag;
  if (tag === undefined || ALLOWED_TAGS.has(tag)) return;
  const shown = tag.startsWith(CORE_TAG) ? `!!${tag.slice(CORE_TAG.length)}` : tag;
  state.problem('error', `Tag '${shown}' is not allowed`, tagAt(state.source.text, at), 'Remove the tag.');
}

const LONGEST_PROPERTIES = 200;

/** Where the tag before a value stands; the value itself where that is not plain to see. */
function tagAt(text: string, valueAt: number): number {
  const before = text.slice(Math.max(0, valueAt - LONGEST_PROPERTIES), valueAt);
  const properties = /(?<=^|[\s,[{])!\S*\s+(?:&\S+\s+)?$/.exec(before);
  return properties === null ? valueAt : valueAt - properties[0].length;
}

function convertScalar(node: Scalar, at: number, state: Conversion): ScalarNode {
  const written: unknown = node.value;
  const raw = node.source ?? (typeof written === 'string' ? written : '');
  const style =
    node.type === 'PLAIN' || node.type === undefined ? 'plain' : node.type.startsWith('Q') ? 'quoted' : 'block';
  if (style !== 'plain') state.onFree?.({ at, end: node.range?.[1] ?? at });
  const base = { kind: 'scalar', source: state.source, at, end: node.range?.[1] ?? at, raw, style } as const;
  if (typeof written === 'number') return { ...base, value: checkNumber(written, raw, at, state) };
  if (written === null || typeof written === 'boolean' || typeof written === 'string')
    return { ...base, value: written };
  return { ...base, value: raw };
}

/** Decimal, octal and hexadecimal integers of the core schema. */
const BIG_INTEGER = /^(?:[-+]?\d{16,}|0x[\dA-Fa-f]{14,}|0o[0-7]{18,})$/;

function checkNumber(value: number, raw: string, at: number, state: Conversion): number | string | null {
  const quoted = `Write "${raw.slice(0, 40)}" in quotes for text.`;
  if (BIG_INTEGER.test(raw) && !Number.isSafeInteger(value)) {
    // Long decimal texts would cost a conversion much time; the other forms are short, or no number at all.
    const isDecimal = !/[xo]/.test(raw);
    const digits = isDecimal ? raw.replace(/^\+?(-?)0*/, '$1') : Number.isFinite(value) ? String(BigInt(raw)) : raw;
    state.problem('warning', bigIntegerNotice(pathText(state.path), digits), at, quoted);
    return digits;
  }
  if (Number.isFinite(value)) return value;
  state.problem('error', `'${raw.slice(0, 40)}' is not a number that can be stored`, at, quoted);
  return null;
}

/** `orders[2].id`, as notices of JSON name a place. */
function pathText(path: readonly (string | number)[]): string {
  const text = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`)).join('');
  return text === '' ? 'value' : text.replace(/^\./, '').slice(0, 200);
}

function convertList(node: YAMLSeq, depth: number, at: number, state: Conversion): ListNode {
  const items: YamlNode[] = [];
  const value: Json[] = [];
  for (const [index, item] of node.items.entries()) {
    state.path.push(index);
    const converted = convert(item, depth + 1, at, state);
    state.path.pop();
    if (state.stopped) break;
    items.push(converted);
    value.push(converted.value);
  }
  return { kind: 'list', value, source: state.source, at, items };
}

/** A key is only a key: plain assignment would give `__proto__` its meaning. */
const OWN = { enumerable: true, configurable: true, writable: true } as const;

function convertMap(node: YAMLMap, depth: number, at: number, state: Conversion): MapNode {
  const entries = new Map<string, MapEntry>();
  const value: Record<string, Json> = {};
  for (const pair of node.items) {
    const entry = convertPair(pair, depth, at, state);
    if (state.stopped) break;
    if (entry === undefined) continue;
    if (entries.has(entry.key)) {
      state.problem(
        'error',
        `Key '${entry.key}' is written twice`,
        entry.at,
        'Remove one of them or give it another name.',
      );
      continue;
    }
    entries.set(entry.key, entry);
    Object.defineProperty(value, entry.key, { value: entry.node.value, ...OWN });
  }
  return { kind: 'map', value, source: state.source, at, entries };
}

function convertPair(pair: Pair, depth: number, at: number, state: Conversion): MapEntry | undefined {
  const key: unknown = pair.key;
  if (!isScalar(key)) {
    const start = isMap(key) || isSeq(key) || isAlias(key) ? (key.range?.[0] ?? at) : at;
    const fix = isMap(key) ? 'Put text with {{ }} in quotes: "{{ name }}".' : undefined;
    state.problem('error', 'A key must be a text', start, fix);
    return undefined;
  }
  const start = key.range?.[0] ?? at;
  checkTag(key, start, state);
  const name = typeof key.value === 'string' ? key.value : (key.source ?? '');
  if (name === '__proto__' && !state.keepsProtoKey) {
    state.problem('error', `Key '${name}' is not allowed`, start);
    return undefined;
  }
  const falseAt = key.type === 'PLAIN' ? falseSpaceInKey(name) : -1;
  if (falseAt !== -1) state.problem('error', falseKeyMessage(name.charAt(falseAt)), start + falseAt, FALSE_KEY_FIX);
  if (key.type !== 'PLAIN') state.onFree?.({ at: start, end: key.range?.[1] ?? start });
  state.path.push(name);
  const value = convert(pair.value, depth + 1, key.range?.[1] ?? start, state);
  state.path.pop();
  return { key: name, source: state.source, at: start, node: value };
}
