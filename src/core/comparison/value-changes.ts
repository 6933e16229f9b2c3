import { canonicalJson, isJsonMap, type Json, pointerKey } from '../../shared/json.ts';
import type { ValueChange } from '../../shared/model/comparison.ts';

const MOST_CHANGES = 20;

/** Where two values differ, the innermost places, at most 20. */
export function valueChanges(before: Json, after: Json): readonly ValueChange[] {
  const changes: ValueChange[] = [];
  look(before, after, '', changes);
  return changes;
}

function look(before: Json, after: Json, at: string, changes: ValueChange[]): void {
  if (changes.length >= MOST_CHANGES || canonicalJson(before) === canonicalJson(after)) return;
  const parts = partsOf(before, after);
  if (parts === null) {
    changes.push({ at, before, after });
    return;
  }
  for (const { key, one, other } of parts) {
    const place = `${at}/${pointerKey(key)}`;
    if (one !== undefined && other !== undefined) look(one, other, place, changes);
    else if (changes.length < MOST_CHANGES)
      changes.push({
        at: place,
        ...(one === undefined ? {} : { before: one }),
        ...(other === undefined ? {} : { after: other }),
      });
  }
}

interface Part {
  readonly key: string;
  readonly one: Json | undefined;
  readonly other: Json | undefined;
}

/** The parts of two lists or two maps; null = they are no two of these. */
function partsOf(before: Json, after: Json): readonly Part[] | null {
  if (Array.isArray(before) && Array.isArray(after))
    return Array.from({ length: Math.max(before.length, after.length) }, (_, at) => ({
      ...{ key: String(at), one: before[at], other: after[at] },
    }));
  if (!isJsonMap(before) || !isJsonMap(after)) return null;
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  const own = (map: Readonly<Record<string, Json>>, key: string): Json | undefined =>
    Object.hasOwn(map, key) ? map[key] : undefined;
  return [...keys].map((key) => ({ key, one: own(before, key), other: own(after, key) }));
}
