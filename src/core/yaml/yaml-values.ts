import { isJsonMap, type Json, type JsonMap } from '../../shared/json.ts';
import { scalarText, type YamlNode } from './yaml-nodes.ts';
import type { FoundValue, YamlSection } from './yaml-section.ts';

/** Typed reading of one key. What is not written, or is wrong (reported as an error), gives the default. */

function wrong(section: YamlSection, key: string, found: FoundValue, expected: string): void {
  section.report('error', found, `\`${section.pathOf(key)}\` must be ${expected}.`);
}

function isWritten(found: FoundValue | undefined): found is FoundValue {
  return found !== undefined && found.value !== null;
}

/** Text; numbers and booleans are the text that is written (SPEC §3.3). */
export function readText<T extends string | null | undefined>(
  section: YamlSection,
  key: string,
  fallback: T,
): string | T {
  const found = section.find(key);
  if (!isWritten(found)) return fallback;
  if (found.text === undefined) wrong(section, key, found, 'a text');
  return found.text ?? fallback;
}

/** One of a closed list of words. */
export function readWord<W extends string>(section: YamlSection, key: string, words: readonly W[], fallback: W): W {
  const found = section.find(key);
  if (!isWritten(found)) return fallback;
  const word = words.find((candidate) => candidate === found.value);
  if (word === undefined) wrong(section, key, found, `one of: ${words.join(', ')}`);
  return word ?? fallback;
}

/** The bounds of a number. */
export interface NumberRule {
  readonly min?: number;
  readonly max?: number;
  readonly isInteger?: boolean;
}

/** A number, also from decimal text (environment variables). */
export function readNumber<T extends number | undefined>(
  section: YamlSection,
  key: string,
  fallback: T,
  rule: NumberRule = {},
): number | T {
  const found = section.find(key);
  if (!isWritten(found)) return fallback;
  const text = typeof found.value === 'string' && /^-?\d+(\.\d+)?$/.test(found.value.trim());
  const value = typeof found.value === 'number' ? found.value : text ? Number(found.value) : Number.NaN;
  const [min, max] = [rule.min ?? Number.NEGATIVE_INFINITY, rule.max ?? Number.POSITIVE_INFINITY];
  if (Number.isFinite(value) && value >= min && value <= max && (!rule.isInteger || Number.isInteger(value)))
    return value;
  const kind = rule.isInteger ? 'a whole number' : 'a number';
  const bounds = [rule.min === undefined ? '' : ` from ${rule.min}`, rule.max === undefined ? '' : ` to ${rule.max}`];
  wrong(section, key, found, kind + bounds.join(''));
  return fallback;
}

const TRUE_WORDS = new Set(['true', 'enabled', 'yes', 'on', '1']);
const FALSE_WORDS = new Set(['false', 'disabled', 'no', 'off', '0']);

/** A boolean; `enabled`/`disabled` count too. */
export function readFlag(section: YamlSection, key: string, fallback: boolean): boolean {
  const found = section.find(key);
  if (!isWritten(found)) return fallback;
  const word = String(found.value).toLowerCase();
  if (TRUE_WORDS.has(word)) return true;
  if (FALSE_WORDS.has(word)) return false;
  wrong(section, key, found, 'true or false');
  return fallback;
}

/** A list of texts; a single text counts as a list of one, in a variable commas part them. */
export function readTexts(section: YamlSection, key: string, fallback: readonly string[]): readonly string[] {
  const found = section.find(key);
  if (!isWritten(found)) return fallback;
  const texts = found.node === null ? split(found.text) : textsOf(found.node);
  if (texts.every((text) => text !== undefined)) return texts;
  wrong(section, key, found, 'a list of texts');
  return fallback;
}

const split = (text = ''): readonly string[] => text.split(',').flatMap((one) => one.trim() || []);
const textsOf = (node: YamlNode): readonly (string | undefined)[] =>
  node.kind === 'list' ? node.items.map(scalarText) : [scalarText(node)];

/** A list of maps, taken as written. */
export function readMaps(section: YamlSection, key: string): readonly JsonMap[] {
  const found = section.find(key);
  if (!isWritten(found)) return [];
  const items = Array.isArray(found.value) ? (found.value as readonly Json[]) : null;
  if (items?.every(isJsonMap)) return items.filter(isJsonMap);
  wrong(section, key, found, 'a list of maps');
  return [];
}

/** A map, taken as written. */
export function readMap(section: YamlSection, key: string): JsonMap {
  const found = section.find(key);
  if (!isWritten(found)) return {};
  if (isJsonMap(found.value)) return found.value;
  wrong(section, key, found, 'a map');
  return {};
}

/** A map whose values are texts as they are written; null is empty. */
export function readTextMap(section: YamlSection, key: string): Readonly<Record<string, string>> {
  const found = section.find(key);
  if (!isWritten(found)) return {};
  const entries = found.node?.kind === 'map' ? [...found.node.entries.values()] : null;
  const texts = entries?.map(({ key: name, node }) => [name, node.value === null ? '' : scalarText(node)] as const);
  if (texts?.every((pair): pair is readonly [string, string] => pair[1] !== undefined))
    return Object.fromEntries(texts);
  wrong(section, key, found, 'a map of texts');
  return {};
}
