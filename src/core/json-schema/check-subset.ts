import { grouped } from '../../shared/grouped.ts';
import { isJsonMap, type Json, type JsonMap } from '../../shared/json.ts';
import { type PatternBudget, patternBudget, patternProblem } from '../../shared/safe-pattern.ts';
import { suggestName } from '../../shared/suggest-name.ts';
import { resolveReference } from './resolve-reference.ts';
import { MOST_LEVELS, MOST_VALUES, readSchemaGraph } from './schema-graph.ts';

/** The part of JSON Schema 2020-12 that `output_schema` may use (SPEC §4.2). */
const CHECKED = new Set([
  'type',
  'properties',
  'required',
  'items',
  'enum',
  'const',
  'oneOf',
  'anyOf',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'minProperties',
  'maxProperties',
  'pattern',
  'additionalProperties',
  '$ref',
  '$defs',
  'definitions',
]);
/** Words that explain and check nothing. */
const EXPLAINING = new Set(['title', 'description', 'default', 'examples', 'example', 'format', '$schema', '$comment']);
const TYPES = new Set(['object', 'array', 'string', 'number', 'integer', 'boolean', 'null']);

const MAX_DEPTH = 32;
const MAX_LENGTH = 256 * 1024;
/** A value is held against all that stand for it, one inside the other: no schema of a step needs as many. */
const MAX_TARGETS = 1_000;

/** What is wrong with a schema, with its place in it, and how to mend it. */
export interface SchemaProblem {
  readonly message: string;
  readonly fix: string;
}

/** Problems of a schema; empty = it can be used. `patterns` is shared by all schemas that are looked at in one go. */
export function schemaProblems(schema: Json, patterns = patternBudget()): readonly SchemaProblem[] {
  const fix = `Use these words of JSON Schema: ${[...CHECKED].join(', ')}.`;
  if (!isJsonMap(schema)) return [{ message: 'it must be a JSON Schema, a map', fix }];
  if (JSON.stringify(schema).length > MAX_LENGTH)
    return [{ message: 'it is larger than 256 KiB', fix: 'Ask for less in one step.' }];
  const problems = check(schema, { root: schema, place: '', depth: 0, patterns });
  return problems.length > 0 ? problems.map((message) => ({ message, fix })) : endlessProblems(schema);
}

/** Schemas that are well written and that no value can ever meet, or be held against. */
function endlessProblems(schema: JsonMap): readonly SchemaProblem[] {
  const { circular, depthOf, isTooLarge, targets } = readSchemaGraph(schema);
  if (circular.size > 0) {
    const first = [...circular].find((part) => typeof part.$ref === 'string');
    const message = `'$ref' ${String(first?.$ref ?? '#')} leads back to itself and describes nothing`;
    return [{ message, fix: 'Write a type there, or leave the alternative out that leads back.' }];
  }
  if (targets > MAX_TARGETS)
    return [
      {
        message: `its '$ref' lead to more than ${grouped(MAX_TARGETS)} places`,
        fix: 'Write smaller parts where they are used.',
      },
    ];
  if (Number.isFinite(depthOf(schema))) return [];
  const message = isTooLarge(schema)
    ? `every value would have to hold more than ${MOST_VALUES} others, or be deeper than ${MOST_LEVELS} levels`
    : 'every value would have to hold another of its kind, without end';
  return [{ message, fix: 'Make that part optional, or allow null.' }];
}

interface Checking {
  readonly root: JsonMap;
  /** Of the schema that is looked at, '' = the whole. */
  readonly place: string;
  readonly depth: number;
  readonly patterns: PatternBudget;
}

type Problems = readonly string[];

function check(schema: Json, at: Checking): Problems {
  if (typeof schema === 'boolean') return [];
  if (!isJsonMap(schema)) return [placed(at, 'a schema must be a map')];
  if (at.depth > MAX_DEPTH) return [placed(at, `it is nested more than ${MAX_DEPTH} levels deep`)];
  return Object.entries(schema).flatMap(([key, value]): Problems => {
    if (EXPLAINING.has(key)) return [];
    if (CHECKED.has(key)) return checkWord(key, value, at);
    const near = suggestName(key, CHECKED);
    return [placed(at, `'${key}' is not supported${near === undefined ? '' : `, did you mean '${near}'?`}`)];
  });
}

const placed = ({ place }: Checking, problem: string): string => (place === '' ? problem : `${place}: ${problem}`);

function checkWord(key: string, value: Json, at: Checking): Problems {
  const inner = (name: string, schema: Json): Problems =>
    check(schema, { ...at, place: at.place === '' ? name : `${at.place}.${name}`, depth: at.depth + 1 });
  switch (key) {
    case 'properties':
    case '$defs':
    case 'definitions':
      if (!isJsonMap(value)) return [placed(at, `'${key}' must be a map of schemas`)];
      return Object.entries(value).flatMap(([name, schema]) => inner(`${key}.${name}`, schema));
    case 'items':
    case 'additionalProperties':
      return inner(key, value);
    case 'oneOf':
    case 'anyOf':
      if (!Array.isArray(value) || value.length === 0) return [placed(at, `'${key}' must be a list of schemas`)];
      return (value as readonly Json[]).flatMap((schema, index) => inner(`${key}[${index}]`, schema));
    default: {
      const problem = key === '$ref' ? referenceProblem(value, at.root) : plainProblem(key, value, at.patterns);
      return problem === null ? [] : [placed(at, problem)];
    }
  }
}

function plainProblem(key: string, value: Json, patterns: PatternBudget): string | null {
  const items: readonly Json[] = Array.isArray(value) ? value : [];
  switch (key) {
    case 'const':
      return null;
    case 'type': {
      const types = Array.isArray(value) ? items : [value];
      const wrong = types.find((one) => typeof one !== 'string' || !TYPES.has(one));
      if (wrong !== undefined) return `'${String(wrong)}' is not a type`;
      return types.length > 0 && new Set(types).size === types.length ? null : "'type' must name each type once";
    }
    case 'enum':
      return items.length > 0 ? null : "'enum' must be a list of values";
    case 'required':
      return Array.isArray(value) &&
        items.every((one) => typeof one === 'string') &&
        new Set(items).size === items.length
        ? null
        : "'required' must be a list of names, each once";
    case 'pattern': {
      const problem = typeof value === 'string' ? patternProblem(value, patterns) : 'must be a text';
      return problem === null ? null : `'pattern' ${problem}`;
    }
    case 'minimum':
    case 'maximum':
    case 'exclusiveMinimum':
    case 'exclusiveMaximum':
      return typeof value === 'number' ? null : `'${key}' must be a number`;
    default:
      return Number.isInteger(value) && Number(value) >= 0 ? null : `'${key}' must be a whole number from 0 on`;
  }
}

function referenceProblem(reference: Json, root: JsonMap): string | null {
  if (typeof reference !== 'string' || !/^#(?:\/|$)/.test(reference))
    return "'$ref' must point into this schema, such as #/$defs/item";
  return resolveReference(root, reference) === undefined ? `'$ref' ${reference} points to nothing` : null;
}
