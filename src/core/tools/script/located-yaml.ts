import type { Json } from '../../../shared/json.ts';
import type { Diagnostic } from '../../../shared/model/diagnostic.ts';
import { readYamlFile, scalarText, type YamlNode } from '../../yaml/index.ts';

/** Where something stands in a file of the bundle. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** A YAML value that knows where it stands: the manifests of several files are merged into one. */
export type LocatedValue = LocatedScalar | LocatedList | LocatedMap;
export interface LocatedScalar {
  readonly kind: 'scalar';
  readonly place: Place;
  readonly value: null | boolean | number | string;
  /** The same where a text is wanted: as it is spelled in the file (SPEC §3.3). */
  readonly text: string;
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

/** A YAML text with places; null when it was refused with a report. Keys such as `__proto__` are keys like any other. */
export function readLocatedYaml(file: string, text: string, report: Report): LocatedValue | null {
  const { source, node, error, warnings } = readYamlFile(text, { keepsProtoKey: true });
  const placeAt = (at: number): Place => ({ file, ...source.place(at) });
  for (const { message, at, fix } of warnings) report('warning', 'tool.invalid_manifest', placeAt(at), message, fix);
  if (error !== null)
    report('error', 'tool.invalid_manifest', placeAt(error.at), `Invalid YAML: ${error.message}.`, error.fix);
  return node === null ? null : locate(node, placeAt);
}

function locate(node: YamlNode, placeAt: (at: number) => Place): LocatedValue {
  const place = placeAt(node.at);
  if (node.kind === 'scalar') return { kind: 'scalar', place, value: node.value, text: scalarText(node) ?? '' };
  if (node.kind === 'list') return { kind: 'list', place, items: node.items.map((item) => locate(item, placeAt)) };
  const entries = [...node.entries.values()].map(
    (entry) => [entry.key, { place: placeAt(entry.at), value: locate(entry.node, placeAt) }] as const,
  );
  return { kind: 'map', place, entries: new Map(entries) };
}

/** The plain value where texts are wanted: each scalar as it is spelled. */
export function toPlainText(value: LocatedValue): Json {
  return value.kind === 'scalar' && value.value !== null ? value.text : toPlain(value);
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
