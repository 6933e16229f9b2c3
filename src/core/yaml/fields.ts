import { grouped } from '../../shared/grouped.ts';
import type { Json } from '../../shared/json.ts';
import { parseDuration } from '../../shared/parse-duration.ts';
import { didYouMean } from '../../shared/suggest-name.ts';
import { describeNode, type FieldProblem, type FieldReporter, wrongForm } from './field-problem.ts';
import { emptyMap, isNothing, type MapEntry, type MapNode, scalarText, type YamlNode } from './yaml-nodes.ts';
import type { Spot } from './yaml-source.ts';

export interface FieldOptions {
  /** Whose keys these are, for messages: `tool 'shop'`. */
  readonly of?: string;
  /** The keys that lead to the map: messages name a key with them. */
  readonly path?: readonly string[];
  /** A value that goes before the written one, by the keys that lead to it. */
  readonly override?: (path: readonly string[]) => MapEntry | undefined;
  /** Variables have nothing but texts, so settings take a text that says a number, `yes` or `off`. */
  readonly isSetting?: boolean;
}

interface Bounds {
  readonly min?: number;
  readonly max?: number;
  /** The number must be greater than this one. */
  readonly above?: number;
}

/** Unknown keys reported for one map. */
const MAX_UNKNOWN_KEYS = 50;
const TRUE_WORDS = new Set(['true', 'enabled', 'yes', 'on', '1']);
const FALSE_WORDS = new Set(['false', 'disabled', 'no', 'off', '0']);

/** `a, b or c`. */
const oneOf = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;

/**
 * The one reader of keys (workflows, manifests, registry, prices, settings): typed reading of one map. Every method reports a value
 * of the wrong form at its place and answers as if it was not written; a key without a value counts as not written.
 */
export class Fields<R extends FieldReporter = FieldReporter> {
  readonly node: MapNode;
  readonly report: R;
  readonly #options: FieldOptions;
  readonly #asked = new Set<string>();
  readonly #sections = new Map<string, Fields<R>>();
  #isOpen = false;

  constructor(node: MapNode, report: R, options: FieldOptions = {}) {
    this.node = node;
    this.report = report;
    this.#options = options;
  }

  /** The entry when it is written with a value. */
  get(key: string): MapEntry | undefined {
    this.#asked.add(key);
    const entry = this.#options.override?.(this.#pathOf(key)) ?? this.node.entries.get(key);
    return entry === undefined || entry.node.value === null ? undefined : entry;
  }

  /** The entry when it has a value; else it is reported as missing. */
  required(key: string, fix?: string): MapEntry | undefined {
    const entry = this.get(key);
    const written = this.node.entries.get(key)?.node;
    if (entry === undefined && (written === undefined || isNothing(written)))
      this.#problem('error', 'missing_key', `${this.label(key)} is missing`, written ?? this.node, fix);
    return entry;
  }

  /** All entries, in file order: the keys are names of the author, none is unknown. */
  entries(): readonly MapEntry[] {
    this.#isOpen = true;
    return [...this.node.entries.values()];
  }

  /** Where to report a problem with a key: its value, or the map when it is not written. */
  spot(key: string): Spot {
    return this.get(key)?.node ?? this.node;
  }

  /** How messages name a key. */
  label(key: string): string {
    const { of } = this.#options;
    return `'${this.#pathOf(key).join('.').slice(0, 80)}'${of === undefined ? '' : ` of ${of}`}`;
  }

  /** A scalar as it is spelled. */
  text(key: string): string | undefined {
    const entry = this.get(key);
    return entry && (scalarText(entry.node) ?? this.wrong(key, 'a text'));
  }

  flag(key: string): boolean | undefined {
    return this.#value(
      key,
      () => 'true or false',
      (value) => {
        if (typeof value === 'boolean') return value;
        const word = this.#options.isSetting ? String(value).toLowerCase() : '';
        return TRUE_WORDS.has(word) ? true : FALSE_WORDS.has(word) ? false : undefined;
      },
    );
  }

  number(key: string, bounds: Bounds = {}): number | undefined {
    return this.#number(key, 'a number', bounds, () => true);
  }

  integer(key: string, bounds: Bounds = {}): number | undefined {
    return this.#number(key, 'a whole number', bounds, Number.isInteger);
  }

  word<T extends string>(key: string, words: readonly T[]): T | undefined {
    const entry = this.get(key);
    if (entry === undefined) return undefined;
    const text = scalarText(entry.node);
    const found = words.find((word) => word === text);
    if (found !== undefined) return found;
    const shown = text === undefined ? `it is ${describeNode(entry.node)}` : `not '${text.slice(0, 60)}'`;
    const fix = text === undefined ? undefined : didYouMean(text, words);
    return this.#problem(
      'error',
      'unknown_word',
      `${this.label(key)} must be ${oneOf(words)}, ${shown}`,
      entry.node,
      fix,
    );
  }

  /** In ms (SPEC §1.1); what cannot be read is a warning, what cannot be a duration an error. `isPositive`: 0 is none. */
  duration(key: string, { isPositive = false }: { readonly isPositive?: boolean } = {}): number | undefined {
    const entry = this.get(key);
    return entry && this.durationOf(entry, isPositive);
  }

  /** The same of an entry that was found otherwise. */
  durationOf({ key, node }: MapEntry, isPositive = false): number | undefined {
    const { value } = node;
    if (typeof value !== 'string' && typeof value !== 'number')
      return this.#wrongAt(node, key, 'a duration such as 30s or 5m');
    const { ms, problem } = parseDuration(value);
    const isNone = isPositive && ms === 0;
    if (problem === undefined && !isNone) return ms ?? undefined;
    const said = isNone
      ? 'it must be longer than nothing'
      : `${problem ?? ''}${ms === null ? '' : '; the default is used'}`;
    const severity = ms === null || isNone ? 'error' : 'warning';
    const fix = 'Write for example 30s, 5m or 1h30m.';
    return this.#problem(severity, 'invalid_duration', `${this.label(key)}: ${said}`, node, fix);
  }

  /** A list of texts; one text is a list of one (in a variable commas part them). Undefined where nothing is written. */
  texts(key: string): readonly string[] | undefined {
    const entry = this.get(key);
    if (entry === undefined) return undefined;
    const { node } = entry;
    const single = scalarText(node);
    if (single !== undefined)
      return node.source.hasLines ? [single] : single.split(',').flatMap((one) => one.trim() || []);
    if (node.kind !== 'list') return this.wrong(key, 'a list of texts');
    return node.items.flatMap((item) => {
      const message = `${this.label(key)} must hold texts only, this one is ${describeNode(item)}`;
      return scalarText(item) ?? this.#problem('error', 'wrong_type', message, item) ?? [];
    });
  }

  /** A map of names and texts; no value is the empty text. */
  textMap(key: string): Readonly<Record<string, string>> {
    const named = this.section(key);
    const pairs = named.entries().map(({ key: name, node }) => {
      const text = isNothing(node) ? '' : scalarText(node);
      return [name, text ?? named.#wrongAt(node, name, 'a text')] as const;
    });
    return Object.fromEntries(pairs.filter((pair): pair is [string, string] => pair[1] !== undefined));
  }

  list(key: string, fix?: string): readonly YamlNode[] | undefined {
    const node = this.get(key)?.node;
    return node && (node.kind === 'list' ? node.items : this.wrong(key, 'a list', fix));
  }

  /** The maps of a list; one map counts as a list of one. */
  maps(key: string): readonly Fields<R>[] {
    const node = this.get(key)?.node;
    const items = node === undefined ? [] : node.kind === 'list' ? node.items : [node];
    return items.flatMap((item) => {
      if (item.kind === 'map') return [new Fields(item, this.report, this.#options)];
      const message = wrongForm(item, `An item of ${this.label(key)}`, 'a map');
      return this.#problem('error', 'wrong_type', message, item) ?? [];
    });
  }

  /** A nested map; undefined where none is written. */
  map(key: string): Fields<R> | undefined {
    const section = this.section(key);
    return this.node.entries.get(key)?.node.kind === 'map' ? section : undefined;
  }

  /** A nested map; one that is absent or wrong is empty. */
  section(key: string): Fields<R> {
    const opened = this.#sections.get(key);
    if (opened !== undefined) return opened;
    this.#asked.add(key);
    const node = this.node.entries.get(key)?.node ?? this.node;
    const isMap = node.kind === 'map' && node !== this.node;
    if (!isMap && node !== this.node && node.value !== null) this.#wrongAt(node, key, 'a map');
    const path = this.#options.path === undefined ? {} : { path: this.#pathOf(key) };
    const section = new Fields(isMap ? node : emptyMap(node), this.report, { ...this.#options, ...path });
    this.#sections.set(key, section);
    return section;
  }

  /** A text of a form of its own: `take` gives its value, or undefined where it has not that form. */
  as<T>(key: string, wanted: string, take: (text: string) => T | undefined, fix?: string): T | undefined {
    this.get(key);
    const node = this.#options.override?.(this.#pathOf(key))?.node ?? this.node.entries.get(key)?.node;
    if (node === undefined || isNothing(node)) return undefined;
    // A number that cannot be stored is still the text it is.
    const text = scalarText(node) ?? (node.kind === 'scalar' ? node.raw : undefined);
    return (text === undefined ? undefined : take(text.trim())) ?? this.#wrongAt(node, key, wanted, fix);
  }

  /** Reports that the value of a key must be something else. */
  wrong(key: string, wanted: string, fix?: string): undefined {
    const node = this.get(key)?.node;
    return node && this.#wrongAt(node, key, wanted, fix);
  }

  /** Warns of every key that is not in `known`. */
  checkKeys(known: readonly string[], more: readonly string[] = []): void {
    const all = new Set([...known, ...more]);
    const unknown = [...this.node.entries.values()].filter((entry) => !all.has(entry.key));
    for (const entry of unknown.slice(0, MAX_UNKNOWN_KEYS)) {
      const merge = entry.key === '<<' ? 'YAML merge keys are not read; write the keys out.' : undefined;
      const fix = didYouMean(entry.key, all) ?? merge;
      this.#problem('warning', 'unknown_key', `Unknown key ${this.label(entry.key)}`, entry, fix);
    }
  }

  /** Warns of every key that nobody asked for, here and in the sections. */
  checkAsked(): void {
    if (!this.#isOpen) this.checkKeys([...this.#asked]);
    for (const section of this.#sections.values()) section.checkAsked();
  }

  #pathOf(key: string): readonly string[] {
    return [...(this.#options.path ?? []), key];
  }

  #value<T>(key: string, wanted: () => string, take: (value: Json) => T | undefined): T | undefined {
    const entry = this.get(key);
    return entry && (take(entry.node.value) ?? this.wrong(key, wanted()));
  }

  #number(key: string, sort: string, bounds: Bounds, isOfSort: (value: number) => boolean): number | undefined {
    const { min = -Infinity, max = Infinity, above = -Infinity } = bounds;
    // Written only where it is said: the first large number of a process takes 15 ms to write.
    const wanted = (): string =>
      [
        sort,
        ...(above === -Infinity ? [] : [` above ${grouped(above)}`]),
        ...(min === -Infinity ? [] : [` from ${grouped(min)}${max === Infinity ? ' on' : ''}`]),
        ...(max === Infinity ? [] : [` to ${grouped(max)}`]),
      ].join('');
    return this.#value(key, wanted, (value) => {
      const isSaid = this.#options.isSetting && typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value.trim());
      const number = isSaid ? Number(value) : value;
      const isFine = typeof number === 'number' && isOfSort(number) && number >= min && number <= max && number > above;
      return isFine ? number : undefined;
    });
  }

  #wrongAt(node: YamlNode, key: string, wanted: string, fix?: string): undefined {
    return this.#problem('error', 'wrong_type', wrongForm(node, this.label(key), wanted), node, fix);
  }

  #problem(
    severity: FieldProblem['severity'],
    kind: FieldProblem['kind'],
    message: string,
    at: Spot,
    fix?: string,
  ): undefined {
    this.report.field({ severity, kind, message, at, fix });
    return undefined;
  }
}
