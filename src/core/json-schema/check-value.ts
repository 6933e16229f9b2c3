import type { ErrorObject, ValidateFunction } from 'ajv';
import { isDeeperThan, type Json, type JsonMap, MAX_JSON_DEPTH } from '../../shared/json.ts';
import { loadValidators, withPatterns } from './create-validator.ts';
import type { SchemaRules } from './schema-rules.ts';
import { toProblem, type ValueProblem } from './value-problem.ts';
import { isOutOfTime, withinTime } from './within-time.ts';

/** What a value came to under a schema. */
export type SchemaVerdict =
  | { readonly kind: 'valid' }
  | { readonly kind: 'invalid'; readonly problems: readonly [ValueProblem, ...ValueProblem[]] }
  /** The schema cannot be used, for any value (`always`) or for this one; `problem` says why, without a full stop. */
  | { readonly kind: 'unusable'; readonly problem: string; readonly always: boolean };

const MOST_PROBLEMS = 20;
const MOST_KEPT = 200;
const TOO_LONG = 'it takes too long to hold a value against it';

/** `quick` says whether, `full` all that is wrong: it is made when something is. */
interface Validators {
  readonly quick: ValidateFunction;
  readonly full: () => ValidateFunction;
}

const kept = new Map<string, Promise<Validators | string>>();

/**
 * Holds a value against a JSON Schema (draft 3 to 7 or 2020-12, by its `$schema`). Neither schema nor value nor pattern can hold
 * everything else up, and nothing of the value is changed.
 */
export async function checkValue(schema: JsonMap, value: Json, rules: SchemaRules): Promise<SchemaVerdict> {
  if (isDeeperThan(value, MAX_JSON_DEPTH)) return TOO_DEEP;
  const validators = await load(schema, rules);
  return typeof validators === 'string' ? unusable(validators, true) : judge(validators, value, rules);
}

const TOO_DEEP: SchemaVerdict = {
  kind: 'invalid',
  problems: [{ place: [], missing: null, message: `is nested more than ${MAX_JSON_DEPTH} levels deep` }],
};

const unusable = (problem: string, always: boolean): SchemaVerdict => ({ kind: 'unusable', problem, always });

function judge({ quick, full }: Validators, value: Json, rules: SchemaRules): SchemaVerdict {
  try {
    if (run(quick, value)) return { kind: 'valid' };
  } catch (error) {
    // Alternatives that refer to themselves can take for ever, and what leads back to itself does.
    return unusable(reasonOf(error), false);
  }
  return { kind: 'invalid', problems: rules.saysAll ? allProblems(quick, full, value) : problemsOf(quick.errors) };
}

function allProblems(quick: ValidateFunction, full: Validators['full'], value: Json): Problems {
  try {
    const validate = full();
    run(validate, value);
    return problemsOf(validate.errors);
  } catch {
    return problemsOf(quick.errors);
  }
}

const run = (validate: ValidateFunction, value: Json): boolean =>
  withinTime(() => withPatterns(() => validate(value))) === true;

type Problems = readonly [ValueProblem, ...ValueProblem[]];

function problemsOf(errors: readonly ErrorObject[] | null | undefined): Problems {
  const [first, ...others] = (errors ?? []).slice(0, MOST_PROBLEMS).map(toProblem);
  return [first ?? { place: [], missing: null, message: 'does not meet the schema' }, ...others];
}

function load(schema: JsonMap, rules: SchemaRules): Promise<Validators | string> {
  const text = JSON.stringify(schema);
  if (text.length > rules.mostChars) return Promise.resolve(`it is larger than ${rules.mostChars / 1024} KiB`);
  const key = `${rules.name} ${text}`;
  let validators = kept.get(key);
  if (validators === undefined) {
    validators = make(schema, rules);
    kept.set(key, validators);
    if (kept.size > MOST_KEPT) kept.delete([...kept.keys()][0] ?? '');
  }
  return validators;
}

async function make(schema: JsonMap, rules: SchemaRules): Promise<Validators | string> {
  const create = await loadValidators(schema, rules);
  try {
    const quick = compile(() => create('first'));
    let full: ValidateFunction | null = null;
    return {
      quick,
      full: () => {
        full ??= compile(() => create('all'));
        return full;
      },
    };
  } catch (error) {
    return reasonOf(error);
  }
}

const compile = (work: () => ValidateFunction): ValidateFunction => withinTime(() => withPatterns(work));

function reasonOf(error: unknown): string {
  if (isOutOfTime(error)) return TOO_LONG;
  return (error instanceof Error ? error.message : String(error)).replace(/\.$/, '').slice(0, 500);
}
