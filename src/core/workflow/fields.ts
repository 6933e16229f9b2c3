import type { Json } from '../../shared/json.ts';
import { parseDuration } from '../../shared/parse-duration.ts';
import { suggestName } from '../../shared/suggest-name.ts';
import { type ListNode, type MapEntry, type MapNode, scalarText, type YamlNode } from '../yaml/index.ts';
import type { Reporter } from './reporter.ts';

/**
 * Typed reading of the keys of one map. Every method reports a value of the wrong type at its place and answers with
 * the fallback; a key without a value counts as not written.
 */
export interface Fields {
  readonly node: MapNode;
  readonly report: Reporter;
  /** The entry when it is written with a value. */
  get(key: string): MapEntry | undefined;
  text(key: string): string | undefined;
  flag(key: string): boolean | undefined;
  number(key: string, bounds: Bounds): number | undefined;
  integer(key: string, bounds: Bounds): number | undefined;
  word<T extends string>(key: string, words: readonly T[]): T | undefined;
  /** In ms; what cannot be read is a warning or an error and counts as not written. */
  duration(key: string): number | undefined;
  /** A list of texts; one text is a list of one. */
  texts(key: string): readonly string[];
  map(key: string): Fields | undefined;
  /** Warns of every key that is not in `known`. */
  checkKeys(known: readonly string[], more?: readonly string[]): void;
}

export interface Bounds {
  readonly min: number;
  readonly max: number;
}

/** What sort of value a node is, in words for a message. */
export function describeNode(node: YamlNode): string {
  if (node.kind !== 'scalar') return node.kind === 'map' ? 'a map' : 'a list';
  if (node.value === null) return 'empty';
  return typeof node.value === 'string' ? 'a text' : String(node.value);
}

function isWithin(value: Json, { min, max }: Bounds, whole: boolean): value is number {
  return typeof value === 'number' && (!whole || Number.isInteger(value)) && value >= min && value <= max;
}

function numberWords({ min, max }: Bounds, whole: boolean): string {
  const sort = whole ? 'a whole number' : 'a number';
  if (!Number.isFinite(min)) return sort;
  return Number.isFinite(max) ? `${sort} from ${min} to ${max}` : `${sort} from ${min} on`;
}

/** Fields over a map of a YAML text. */
export function fieldsOf(node: MapNode, report: Reporter): Fields {
  const get = (key: string): MapEntry | undefined => {
    const entry = node.entries.get(key);
    return entry === undefined || (entry.node.kind === 'scalar' && entry.node.value === null) ? undefined : entry;
  };
  const wrong = (entry: MapEntry, wanted: string): undefined => {
    report.error(
      'workflow.wrong_type',
      `'${entry.key}' must be ${wanted}, it is ${describeNode(entry.node)}`,
      entry.node.at,
    );
    return undefined;
  };
  const read = <T>(key: string, wanted: string, take: (value: Json) => T | undefined): T | undefined => {
    const entry = get(key);
    return entry === undefined ? undefined : (take(entry.node.value) ?? wrong(entry, wanted));
  };
  const bounded = (key: string, bounds: Bounds, whole: boolean): number | undefined =>
    read(key, numberWords(bounds, whole), (value) => (isWithin(value, bounds, whole) ? value : undefined));
  return {
    node,
    report,
    get,
    text: (key) => {
      const entry = get(key);
      return entry === undefined ? undefined : (scalarText(entry.node) ?? wrong(entry, 'a text'));
    },
    flag: (key) => read(key, 'true or false', (value) => (typeof value === 'boolean' ? value : undefined)),
    number: (key, bounds) => bounded(key, bounds, false),
    integer: (key, bounds) => bounded(key, bounds, true),
    word: (key, words) => readWord(get(key), words, report),
    duration: (key) => readDuration(get(key), report),
    texts: (key) => readTexts(get(key), report),
    map: (key) => {
      const entry = get(key);
      if (entry === undefined) return undefined;
      return entry.node.kind === 'map' ? fieldsOf(entry.node, report) : wrong(entry, 'a map');
    },
    checkKeys: (known, more = []) => checkKeys(node, report, known, more),
  };
}

function readWord<T extends string>(entry: MapEntry | undefined, words: readonly T[], report: Reporter): T | undefined {
  if (entry === undefined) return undefined;
  const text = scalarText(entry.node);
  const found = words.find((word) => word === text);
  if (found !== undefined) return found;
  const near = text === undefined ? undefined : suggestName(text, words);
  const list = words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
  const shown = text === undefined ? `it is ${describeNode(entry.node)}` : `not '${text.slice(0, 60)}'`;
  report.error(
    'workflow.unknown_word',
    `'${entry.key}' must be ${list}, ${shown}`,
    entry.node.at,
    near && `Did you mean '${near}'?`,
  );
  return undefined;
}

/** A duration at a node in ms; a warning for what cannot be parsed, an error for what cannot be a duration. */
export function readDuration(entry: MapEntry | undefined, report: Reporter): number | undefined {
  if (entry === undefined) return undefined;
  const value = entry.node.value;
  if (typeof value !== 'string' && typeof value !== 'number') {
    const message = `'${entry.key}' must be a duration such as 30s or 5m, it is ${describeNode(entry.node)}`;
    report.error('workflow.wrong_type', message, entry.node.at);
    return undefined;
  }
  const { ms, problem } = parseDuration(value);
  if (problem === undefined) return ms ?? undefined;
  const severity = ms === null ? 'error' : 'warning';
  const outcome = ms === null ? '' : '; the default is used';
  report.report(
    severity,
    'workflow.invalid_duration',
    `'${entry.key}': ${problem}${outcome}`,
    entry.node.at,
    'Write for example 30s, 5m or 1h30m.',
  );
  return undefined;
}

function readTexts(entry: MapEntry | undefined, report: Reporter): readonly string[] {
  if (entry === undefined) return [];
  const single = scalarText(entry.node);
  if (single !== undefined) return [single];
  if (entry.node.kind !== 'list') {
    report.error(
      'workflow.wrong_type',
      `'${entry.key}' must be a list of texts, it is ${describeNode(entry.node)}`,
      entry.node.at,
    );
    return [];
  }
  return textsOf(entry.node, entry.key, report);
}

function textsOf(list: ListNode, key: string, report: Reporter): readonly string[] {
  const texts: string[] = [];
  for (const item of list.items) {
    const text = scalarText(item);
    if (text !== undefined) texts.push(text);
    else
      report.error('workflow.wrong_type', `'${key}' must hold texts only, this one is ${describeNode(item)}`, item.at);
  }
  return texts;
}

/** Unknown keys reported for one map. */
const MAX_UNKNOWN_KEYS = 50;

function checkKeys(node: MapNode, report: Reporter, known: readonly string[], more: readonly string[]): void {
  let left = MAX_UNKNOWN_KEYS;
  for (const entry of node.entries.values()) {
    if (known.includes(entry.key) || more.includes(entry.key)) continue;
    left -= 1;
    if (left < 0) return;
    const near = suggestName(entry.key, [...known, ...more]);
    const fix =
      near === undefined
        ? entry.key === '<<'
          ? 'YAML merge keys are not read; write the keys out.'
          : undefined
        : `Did you mean '${near}'?`;
    report.warning('workflow.unknown_key', `Unknown key '${entry.key.slice(0, 80)}'`, entry.at, fix);
  }
}
