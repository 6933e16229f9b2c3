import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, type Scalar, type YAMLMap } from 'yaml';
import type { Diagnostic } from '../../../shared/model/diagnostic.ts';
import type { Json } from '../../../shared/model/workflow.ts';

/** Where something stands in a file of the bundle. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** A YAML value that knows where it stands; nothing of the `yaml` package gets any further. */
export type LocatedValue = LocatedScalar | LocatedList | LocatedMap;
export interface LocatedScalar {
  readonly kind: 'scalar';
  readonly place: Place;
  readonly value: null | boolean | number | string;
}
export interface LocatedList {
  readonly kind: 'list';
  readonly place: Place;
  readonly items: readonly LocatedValue[];
}
export interface LocatedMap {
  readonly kind: 'map';
  readonly place: Place;
  readonly entries: ReadonlyMap<string, { readonly place: Place; readonly value: LocatedValue }>;
}

/** Collects what is wrong with the manifests of one bundle. */
export type Report = (
  severity: Diagnostic['severity'],
  code: string,
  place: Place | { readonly file: string },
  message: string,
  fix?: string,
) => void;

/** SPEC §1: 1 MiB, 10,000 nodes behind aliases; and depth, because every later reader recurses. */
export const MANIFEST_BYTES = 1024 * 1024;
const MAX_ALIAS_NODES = 10_000;
const MAX_DEPTH = 64;
const CORE_TAGS = new Set(
  ['str', 'int', 'float', 'bool', 'null', 'map', 'seq'].map((tag) => `tag:yaml.org,2002:${tag}`),
);

interface Walk {
  readonly file: string;
  readonly lines: LineCounter;
  readonly report: Report;
  readonly anchors: Map<string, { readonly value: LocatedValue; readonly size: number }>;
  size: number;
  aliasNodes: number;
}

/** A YAML text (1.2 core, no custom tags, unique keys) with places; null when it is empty or was refused with a report. */
export function readLocatedYaml(file: string, text: string, report: Report): LocatedValue | null {
  if (nestsTooDeep(text)) {
    report(
      'error',
      'tool.invalid_manifest',
      { file },
      `Invalid YAML: values are nested more than ${MAX_DEPTH} levels deep.`,
    );
    return null;
  }
  const lines = new LineCounter();
  try {
    const options = {
      version: '1.2',
      schema: 'core',
      uniqueKeys: false,
      lineCounter: lines,
      prettyErrors: false,
    } as const;
    const document = parseDocument(text.replace(/^\uFEFF/, ''), { ...options, logLevel: 'silent' });
    const walk: Walk = { file, lines, report, anchors: new Map(), size: 0, aliasNodes: 0 };
    const problem = document.errors[0] ?? document.warnings[0];
    if (problem === undefined) return document.contents === null ? null : locate(document.contents, walk, 0, 0);
    report('error', 'tool.invalid_manifest', placeAt(walk, problem.pos[0]), `Invalid YAML: ${problem.message}`);
  } catch (error) {
    const detail = error instanceof Refusal ? error.message : 'it cannot be read';
    const place = error instanceof Refusal ? error.place : { file };
    report('error', 'tool.invalid_manifest', place, `Invalid YAML: ${detail}.`);
  }
  return null;
}

/** Ends the reading of one text; never leaves this file. */
class Refusal extends Error {
  readonly place: Place;
  constructor(message: string, place: Place) {
    super(message);
    this.place = place;
  }
}

/** Before the parser, which recurses: brackets in flow style and indentation in block style. */
function nestsTooDeep(text: string): boolean {
  let open = 0;
  for (const [bracket] of text.matchAll(/[[\]{}]/g)) {
    open += bracket === '[' || bracket === '{' ? 1 : -1;
    if (open > MAX_DEPTH * 4) return true;
  }
  return /^(?:[ \t]*[-?:][ \t]+){65}/m.test(text);
}

function placeAt(walk: Walk, offset: number): Place {
  const { line, col } = walk.lines.linePos(offset);
  return { file: walk.file, line: Math.max(line, 1), column: Math.max(col, 1) };
}

function locate(node: unknown, walk: Walk, depth: number, parentOffset: number): LocatedValue {
  const offset =
    isScalar(node) || isMap(node) || isSeq(node) || isAlias(node) ? (node.range?.[0] ?? parentOffset) : parentOffset;
  const place = placeAt(walk, offset);
  if (depth > MAX_DEPTH) throw new Refusal(`values are nested more than ${MAX_DEPTH} levels deep`, place);
  if (isAlias(node)) return followAlias(node.source, walk, place);
  if (!isScalar(node) && !isMap(node) && !isSeq(node)) return { kind: 'scalar', place, value: null };
  if (node.tag !== undefined && !CORE_TAGS.has(node.tag)) throw new Refusal(`tag ${node.tag} is not allowed`, place);
  const before = walk.size;
  walk.size += 1;
  let value: LocatedValue;
  if (isScalar(node)) value = { kind: 'scalar', place, value: scalarValue(node, place) };
  else if (isSeq(node)) {
    value = { kind: 'list', place, items: node.items.map((item) => locate(item, walk, depth + 1, offset)) };
  } else {
    value = locateMap(node, walk, depth, place);
  }
  if (node.anchor !== undefined) walk.anchors.set(node.anchor, { value, size: walk.size - before });
  return value;
}

/** Looks for keys written twice itself: the parser compares every key with every other one. */
function locateMap(node: YAMLMap, walk: Walk, depth: number, place: Place): LocatedMap {
  const entries = new Map<string, { place: Place; value: LocatedValue }>();
  for (const pair of node.items) {
    const key = locateKey(pair.key, walk, node.range?.[0] ?? 0);
    if (entries.has(key.name)) throw new Refusal(`key \`${key.name.slice(0, 60)}\` is written twice`, key.place);
    entries.set(key.name, { place: key.place, value: locate(pair.value, walk, depth + 1, key.offset) });
  }
  return { kind: 'map', place, entries };
}

function followAlias(name: string, walk: Walk, place: Place): LocatedValue {
  const target = walk.anchors.get(name);
  if (target === undefined) throw new Refusal(`alias *${name} has no anchor before it`, place);
  walk.aliasNodes += target.size;
  walk.size += target.size;
  if (walk.aliasNodes > MAX_ALIAS_NODES)
    throw new Refusal(`aliases stand for more than ${MAX_ALIAS_NODES} values`, place);
  return target.value;
}

function locateKey(key: unknown, walk: Walk, parentOffset: number): { name: string; place: Place; offset: number } {
  const offset = isScalar(key) ? (key.range?.[0] ?? parentOffset) : parentOffset;
  const place = placeAt(walk, offset);
  if (!isScalar(key)) throw new Refusal('a key must be a text', place);
  return { name: typeof key.value === 'string' ? key.value : (key.source ?? ''), place, offset };
}

function scalarValue(node: Scalar, place: Place): LocatedScalar['value'] {
  const { value } = node;
  if (typeof value === 'number' && !Number.isFinite(value))
    throw new Refusal(`${node.source ?? value} is not a number`, place);
  if (value === null || typeof value === 'boolean' || typeof value === 'number' || typeof value === 'string')
    return value;
  return node.source ?? String(value);
}

/** The plain value. Keys such as `__proto__` become own keys and nothing else. */
export function toPlain(value: LocatedValue): Json {
  if (value.kind === 'scalar') return value.value;
  if (value.kind === 'list') return value.items.map(toPlain);
  return Object.fromEntries([...value.entries].map(([key, entry]) => [key, toPlain(entry.value)]));
}

/** Two maps as one, key by key, at every level; for anything else the later one counts (SPEC §5.2). */
export function mergeLocated(earlier: LocatedMap, later: LocatedMap): LocatedMap {
  const entries = new Map(earlier.entries);
  for (const [key, entry] of later.entries) {
    const before = entries.get(key)?.value;
    const areMaps = before?.kind === 'map' && entry.value.kind === 'map';
    entries.set(key, areMaps ? { ...entry, value: mergeLocated(before, entry.value) } : entry);
  }
  return { ...later, entries };
}
