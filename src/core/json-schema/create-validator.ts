import type { Ajv, Options, ValidateFunction } from 'ajv';
import type { JsonMap } from '../../shared/json.ts';
import { COSTLY_PATTERN_FIX, compilePattern, type PatternBudget, patternBudget } from '../../shared/safe-pattern.ts';
import { compileSchema } from './compile-schema.ts';
import type { SchemaRules } from './schema-rules.ts';

/** Schemas of the older drafts, by their `$schema`; every other is taken for one of 2020-12. */
const isOld = ({ $schema }: JsonMap): boolean => typeof $schema === 'string' && /draft-0[3-7]/.test($schema);

/** How much of what is wrong a validator looks for. */
export type Thoroughness = 'first' | 'all';

/** Makes validators of one schema: an instance of the library each, for schemas of different origin may carry the same `$id`. */
export type CreateValidator = (thoroughness: Thoroughness) => ValidateFunction;

/** The only place where Ajv is set up. It is loaded when the first value is checked. What is wrong with a schema is thrown. */
export async function loadValidators(schema: JsonMap, rules: SchemaRules): Promise<CreateValidator> {
  const [{ Ajv: Old }, { Ajv2020: Current }, formats] = await Promise.all([
    import('ajv'),
    import('ajv/dist/2020.js'),
    rules.checksFormats ? import('ajv-formats') : null,
  ]);
  const Dialect = isOld(schema) ? Old : Current;
  const { $schema: _dialect, ...plain } = schema;
  return (thoroughness) => {
    const ajv: Ajv = new Dialect(optionsOf(rules, thoroughness));
    formats?.default.default(ajv, { mode: 'fast' });
    if (!rules.followsReferences) return ajv.compile(plain);
    return compileSchema(plain, ajv, thoroughness === 'all' ? 'as_written' : 'telling_first');
  };
}

/** Nothing is fetched, nothing of the value is changed, no field is made up (`default`), and nothing is written anywhere. */
function optionsOf(rules: SchemaRules, thoroughness: Thoroughness): Options {
  return {
    strict: false,
    // Checking the schema itself takes ten times the rest: what cannot be compiled says so.
    ...{ meta: false, validateSchema: false, addUsedSchema: false, inlineRefs: false },
    ...{ ownProperties: true, validateFormats: rules.checksFormats, logger: false },
    allErrors: thoroughness === 'all',
    ...(rules.patterns === 're2' ? { code: { regExp: COUNTED_PATTERNS } } : {}),
  };
}

/** Of the value that is held against a schema now: all patterns in the schema share it. */
let running: PatternBudget = patternBudget();

/** Gives the patterns that run inside of `work` a budget of their own. */
export function withPatterns<T>(work: () => T): T {
  running = patternBudget();
  return work();
}

/** Patterns come from files and foreign servers, values from models: no pair of them may hang the app. */
const COUNTED_PATTERNS = Object.assign(
  (source: string): { readonly test: (text: string) => boolean; readonly toString: () => string } => {
    const pattern = compilePattern(source, running);
    if (pattern === null) throw new RangeError(`The pattern ${source} cannot be used.`);
    const test = (text: string): boolean => {
      const verdict = pattern.test(text, running);
      if (verdict !== null) return verdict;
      throw new RangeError(
        `A text of ${text.length} characters is too long for the pattern ${source}. ${COSTLY_PATTERN_FIX}`,
      );
    };
    // Ajv tells patterns apart by their text.
    return { test, toString: () => source };
  },
  { code: 'countedPattern' },
);
