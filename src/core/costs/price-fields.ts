import { toE10 } from '../../shared/decimal.ts';
import type { MapNode, ScalarNode } from '../yaml/index.ts';

/** Reports what is wrong with one row of a price file, at an offset in its text. */
export type FailRow = (message: string, at: number, fix?: string) => void;

/** What to write where a required key has no value. */
const FIXES = {
  model: 'Add `model: NAME`, the model as the agent calls it.',
  input: 'Add `input: "2.50"`, in USD for 1,000,000 tokens.',
  output: 'Add `output: "10.00"`, in USD for 1,000,000 tokens.',
  valid_from: 'Add `valid_from: 2026-01-22`, the day from which on the price holds.',
} as const;

/** Says that a required key is not there or has no value; what it gives is never used, since the row then does not count. */
export function missing(node: MapNode, key: keyof typeof FIXES, fail: FailRow): number {
  fail(`\`${key}\` is missing`, node.entries.get(key)?.node.at ?? node.at, FIXES[key]);
  return 0;
}

/** The value of a key; one that is not there, or empty, is undefined. A number that cannot be stored is still the text it is. */
export function scalar(node: MapNode, key: string): ScalarNode | undefined {
  const value = node.entries.get(key)?.node;
  return value?.kind === 'scalar' && !isNothing(value) ? value : undefined;
}

const isNothing = ({ value, raw, style }: ScalarNode): boolean =>
  value === null && style === 'plain' && /^(?:~|null|Null|NULL)?$/.test(raw);

/** A name; null = none is given. */
export function text(node: MapNode, key: string): string | null {
  const raw = scalar(node, key)?.raw.trim() ?? '';
  return raw === '' ? null : raw;
}

/** A price as it is written: `2.50` and `"2.50"` are the same text, so that no float ever stands between. */
export function amount(node: MapNode, key: string, fail: FailRow): number | null {
  const value = node.entries.get(key)?.node;
  if (value === undefined || (value.kind === 'scalar' && isNothing(value))) return null;
  if (value.kind === 'scalar' && !value.raw.includes('-')) {
    try {
      return toE10(value.raw.trim());
    } catch {
      // Said below, with its place.
    }
  }
  fail(`\`${key}\` must be an amount in USD from 0 on`, value.at, `Write \`${key}: "2.50"\`.`);
  return 0;
}

const DAY = /^\d{4}-\d{2}-\d{2}(T[\d:.]+Z)?$/;

/** A day or an instant in UTC, as UTC ms; null = none is given. */
export function instant(node: MapNode, key: string, fail: FailRow): number | null {
  const value = node.entries.get(key)?.node;
  if (value === undefined || (value.kind === 'scalar' && isNothing(value))) return null;
  const raw = value.kind === 'scalar' ? value.raw.trim() : '';
  const at = DAY.test(raw) ? Date.parse(raw) : Number.NaN;
  // 30 February is read as 2 March: it is no day.
  if (!Number.isNaN(at) && new Date(at).toISOString().slice(0, 10) === raw.slice(0, 10)) return at;
  fail(`\`${key}\` must be a day, or an instant in UTC`, value.at, `Write \`${key}: 2026-01-22\`.`);
  return 0;
}
