import { createHash } from 'node:crypto';
import { isDeeperThan, isJsonMap, type Json, type JsonMap, MAX_JSON_DEPTH } from '../../shared/json.ts';
import { checkApart } from './check-apart.ts';
import { loadValidators } from './create-validator.ts';
import { judgeFully, judgeQuickly, makeValidators, type Validators } from './judge-value.ts';
import type { SchemaRules } from './schema-rules.ts';
import { type SchemaVerdict, unusable } from './schema-verdict.ts';
import { isOutOfTime, withinTime } from './within-time.ts';

const MOST_KEPT = 200;
const MOST_PATTERNS = 3;

/** What a schema came to: how to check, why that cannot be done, or that it takes too long to find out here. */
type Prepared = Validators | SchemaVerdict | 'slow';
const kept = new Map<string, Promise<Prepared>>();

/**
 * Holds a value against a JSON Schema (draft 3 to 7 or 2020-12, by its `$schema`). Neither schema nor value nor pattern can hold
 * everything else up: what takes longer than a moment is done in a thread of its own, which has an end. Nothing of the value is changed.
 */
export async function checkValue(schema: JsonMap, value: Json, rules: SchemaRules): Promise<SchemaVerdict> {
  if (isDeeperThan(value, MAX_JSON_DEPTH)) return TOO_DEEP;
  const prepared = await prepare(schema, rules);
  if (prepared !== 'slow' && 'kind' in prepared) return prepared;
  const verdict = prepared === 'slow' ? null : judgeHere(prepared, value, rules);
  if (verdict !== null) return verdict;
  return (await checkApart({ schema, value, rules })) ?? unusable(tooLong(schema), prepared === 'slow');
}

const TOO_DEEP: SchemaVerdict = {
  kind: 'invalid',
  problems: [{ place: [], missing: null, message: `is nested more than ${MAX_JSON_DEPTH} levels deep` }],
};

/** null = it takes too long: alternatives that refer to themselves can take for ever. */
function judgeHere(validators: Validators, value: Json, rules: SchemaRules): SchemaVerdict | null {
  try {
    const found = judgeQuickly(validators, value, withinTime);
    return judgeFully(found, { validators, value, rules }, withinTime);
  } catch (error) {
    if (isOutOfTime(error)) return null;
    throw error;
  }
}

function prepare(schema: JsonMap, rules: SchemaRules): Promise<Prepared> {
  const text = JSON.stringify(schema);
  if (text.length > rules.mostChars)
    return Promise.resolve(unusable(`it is larger than ${rules.mostChars / 1024} KiB`, true));
  // Not the text itself: a schema can be large, and two hundred are kept.
  const key = createHash('sha256').update(`${rules.name} ${text}`).digest('base64');
  let prepared = kept.get(key);
  if (prepared === undefined) {
    prepared = make(schema, rules);
    kept.set(key, prepared);
    if (kept.size > MOST_KEPT) kept.delete([...kept.keys()][0] ?? '');
  }
  return prepared;
}

async function make(schema: JsonMap, rules: SchemaRules): Promise<Prepared> {
  const create = await loadValidators(schema, rules);
  try {
    return makeValidators(create, withinTime);
  } catch (error) {
    return isOutOfTime(error) ? 'slow' : unusable(error, true);
  }
}

/** Names the patterns: one of them is the reason more often than anything else, and its author can mend it. */
function tooLong(schema: JsonMap): string {
  const patterns = patternsIn(schema);
  const named = patterns.length === 0 ? '' : ` (it has the patterns ${patterns.slice(0, MOST_PATTERNS).join(' and ')})`;
  return `it takes too long to hold a value against it${named}`;
}

function patternsIn(schema: JsonMap): readonly string[] {
  const found: string[] = [];
  const open: Json[] = [schema];
  for (let one = open.pop(); one !== undefined && found.length < MOST_PATTERNS; one = open.pop()) {
    if (typeof one !== 'object' || one === null) continue;
    if (isJsonMap(one) && typeof one.pattern === 'string') found.push(one.pattern);
    open.push(...(Object.values(one) as readonly Json[]));
  }
  return found;
}
