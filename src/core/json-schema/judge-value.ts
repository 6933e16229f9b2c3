import type { ErrorObject, ValidateFunction } from 'ajv';
import type { Json } from '../../shared/json.ts';
import { type CreateValidator, withPatterns } from './create-validator.ts';
import type { SchemaRules } from './schema-rules.ts';
import { type Problems, type SchemaVerdict, unusable } from './schema-verdict.ts';
import { toProblem } from './value-problem.ts';
import { isOutOfTime } from './within-time.ts';

/** `quick` says whether, `full` all that is wrong: it is made when something is. */
export interface Validators {
  readonly quick: ValidateFunction;
  readonly full: () => ValidateFunction;
}

/** Runs work, perhaps within a time that is thrown when it is over. */
export type Run = <T>(work: () => T) => T;

const MOST_PROBLEMS = 20;

/** What is wrong with the schema is thrown. */
export function makeValidators(create: CreateValidator, run: Run): Validators {
  const compile = (thoroughness: Parameters<CreateValidator>[0]): ValidateFunction =>
    run(() => withPatterns(() => create(thoroughness)));
  const quick = compile('first');
  let full: ValidateFunction | null = null;
  return {
    quick,
    full: () => {
      full ??= compile('all');
      return full;
    },
  };
}

/** Whether the value is valid, with the first that is wrong; only the end of the time is thrown. */
export function judgeQuickly({ quick }: Validators, value: Json, run: Run): SchemaVerdict {
  try {
    const isValid = run(() => withPatterns(() => quick(value))) === true;
    return isValid ? { kind: 'valid' } : { kind: 'invalid', problems: problemsOf(quick.errors) };
  } catch (error) {
    if (isOutOfTime(error)) throw error;
    return unusable(error, false);
  }
}

/** All that is wrong with an invalid value, where the rules want that; only the end of the time is thrown. */
export function judgeFully(found: SchemaVerdict, judging: Judging, run: Run): SchemaVerdict {
  const { validators, value, rules } = judging;
  if (found.kind !== 'invalid' || !rules.saysAll) return found;
  try {
    const validate = validators.full();
    run(() => withPatterns(() => validate(value)));
    return { kind: 'invalid', problems: problemsOf(validate.errors) };
  } catch (error) {
    if (isOutOfTime(error)) throw error;
    return found;
  }
}

export interface Judging {
  readonly validators: Validators;
  readonly value: Json;
  readonly rules: SchemaRules;
}

function problemsOf(errors: readonly ErrorObject[] | null | undefined): Problems {
  const [first, ...others] = (errors ?? []).slice(0, MOST_PROBLEMS).map(toProblem);
  return [first ?? { place: [], missing: null, message: 'does not meet the schema' }, ...others];
}
