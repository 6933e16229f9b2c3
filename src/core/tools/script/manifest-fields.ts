import { parseDuration } from '../../../shared/parse-duration.ts';
import { suggestName } from '../../../shared/suggest-name.ts';
import type { LocatedMap, LocatedValue, Report } from './located-yaml.ts';
import { toPlainText } from './located-yaml.ts';

const CODE = 'tool.invalid_manifest';

/** Reads one map of a manifest key by key; what has the wrong form is reported at its place and counts as unwritten. */
export class ManifestFields {
  readonly #map: LocatedMap;
  readonly #name: string;
  readonly #report: Report;
  readonly #known = new Set<string>();

  constructor(map: LocatedMap, name: string, report: Report) {
    this.#map = map;
    this.#name = name;
    this.#report = report;
  }

  /** The value of a key; null counts as unwritten. */
  find(key: string): LocatedValue | undefined {
    this.#known.add(key);
    const value = this.#map.entries.get(key)?.value;
    return value?.kind === 'scalar' && value.value === null ? undefined : value;
  }

  isWritten(key: string): boolean {
    return this.#map.entries.has(key);
  }

  text(key: string): string | undefined {
    const value = this.find(key);
    if (value === undefined) return undefined;
    if (value.kind === 'scalar') return value.text;
    return this.#wrong(key, value, 'a text');
  }

  flag(key: string): boolean {
    const value = this.find(key);
    if (value === undefined) return false;
    if (value.kind === 'scalar' && typeof value.value === 'boolean') return value.value;
    this.#wrong(key, value, 'true or false');
    return false;
  }

  texts(key: string): readonly string[] | undefined {
    const value = this.find(key);
    if (value === undefined) return undefined;
    if (value.kind === 'list' && value.items.every((item) => item.kind === 'scalar')) {
      return value.items.map((item) => String(toPlainText(item)));
    }
    return this.#wrong(key, value, 'a list of texts');
  }

  list(key: string): readonly LocatedValue[] | undefined {
    const value = this.find(key);
    if (value === undefined) return undefined;
    return value.kind === 'list' ? value.items : this.#wrong(key, value, 'a list');
  }

  map(key: string): LocatedMap | undefined {
    const value = this.find(key);
    if (value === undefined) return undefined;
    return value.kind === 'map' ? value : this.#wrong(key, value, 'a map');
  }

  /** Names of variables with their texts; a scalar becomes text, null the empty text. */
  variables(key: string): Readonly<Record<string, string>> {
    const entries = [...(this.map(key)?.entries ?? [])].flatMap(([name, { place, value }]): [string, string][] => {
      const isName = name !== '' && !/[=\0]/.test(name);
      if (isName && value.kind === 'scalar') return [[name, value.text]];
      this.#report('error', CODE, place, `\`${this.#name}.${key}.${name}\` must be a variable's name with a text.`);
      return [];
    });
    return Object.fromEntries(entries);
  }

  /** ms. Unreadable text gives the default and a warning, a negative or too long one an error (SPEC §1.1). */
  durationMs(key: string): number | undefined {
    const value = this.find(key);
    if (value === undefined) return undefined;
    if (value.kind !== 'scalar') return this.#wrong(key, value, 'a duration');
    const { ms, problem } = parseDuration(typeof value.value === 'number' ? value.value : String(value.value));
    if (problem === undefined && ms !== null && ms > 0) return ms;
    const severity = ms === null || ms === 0 ? 'error' : 'warning';
    const detail = problem ?? 'a timeout must be longer than nothing';
    this.#report(severity, CODE, value.place, `\`${this.#name}.${key}\`: ${detail}; the default applies.`);
    return undefined;
  }

  /** Reports every key that nobody asked for. */
  reportUnknown(): void {
    for (const [key, { place }] of this.#map.entries) {
      if (this.#known.has(key)) continue;
      const near = suggestName(key, [...this.#known]);
      const message = `Unknown key \`${key}\` in ${this.#name}.${near === undefined ? '' : ` Did you mean \`${near}\`?`}`;
      this.#report('warning', 'tool.unknown_key', place, message, near);
    }
  }

  #wrong(key: string, value: LocatedValue, expected: string): undefined {
    this.#report('error', CODE, value.place, `\`${this.#name}.${key}\` must be ${expected}.`);
    return undefined;
  }
}
