import { AppError } from '../../../shared/errors.ts';
import { isJsonMap, type Json, type JsonMap, readJsonOrNull } from '../../../shared/json.ts';
import type { WantedAnswer } from '../../../shared/model/agent.ts';
import { type SchemaProblem, schemaProblems } from '../../json-schema/index.ts';

/** What the output of a step must look like, and how it is taken out of the answer. */
export interface OutputShape {
  /** null = free text. */
  readonly schema: JsonMap | null;
  /** Makes a value that says the same in another form into what the schema describes. */
  readonly accept: (value: Json) => Json;
  /** The step's output from a valid value. */
  readonly finish: (value: Json) => Json;
}

const same = (value: Json): Json => value;

/**
 * SPEC §4.1, §4.2: the written schema, else the list of hits for `search`, else what later steps use, else free text.
 * `tool.invalid_params` for a schema outside the subset.
 */
export function outputShape(operation: string, inputs: JsonMap, wanted: WantedAnswer | null): OutputShape {
  const written = readOutputSchema(inputs.output_schema);
  if (written !== null) return { schema: written, accept: same, finish: same };
  if (operation === 'search') return SEARCH_SHAPE;
  if (wanted === null || wanted.kind === 'object')
    return { schema: wanted?.schema ?? null, accept: same, finish: same };
  return wrappedShape(wanted);
}

/** Structured modes want an object: a list or a number is asked for as its one field, and taken without it, too. */
function wrappedShape({ kind, schema }: WantedAnswer): OutputShape {
  const field = kind === 'array' ? 'items' : 'value';
  return {
    schema: { type: 'object', properties: { [field]: schema }, required: [field] },
    accept: (value) => (typeof value === 'number' || Array.isArray(value) ? { [field]: value as Json } : value),
    finish: (value) => (isJsonMap(value) ? (value[field] ?? null) : value),
  };
}

/** `{title, url, excerpt, score}` in an object, because native structured modes want one. */
const SEARCH_SCHEMA: JsonMap = {
  type: 'object',
  properties: {
    results: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          title: { type: 'string' },
          url: { type: ['string', 'null'] },
          excerpt: { type: 'string' },
          score: { type: ['number', 'null'], description: 'From 0 to 1.' },
        },
        required: ['title', 'excerpt'],
      },
    },
  },
  required: ['results'],
};

const SEARCH_SHAPE: OutputShape = {
  schema: SEARCH_SCHEMA,
  accept: (value) => (Array.isArray(value) ? { results: value as readonly Json[] } : value),
  finish: (value) => {
    const { results } = value as { readonly results: readonly JsonMap[] };
    return results.map(({ title, url, excerpt, score }, index) => ({
      title: title ?? '',
      url: typeof url === 'string' ? url : '',
      excerpt: excerpt ?? '',
      // An answer without scores is taken to be in order, the best hit first.
      score: typeof score === 'number' ? score : Math.round((1 - index / results.length) * 1000) / 1000,
    }));
  },
};

/**
 * The schema of a step as a map, from the input `output_schema` (a map, or a JSON text of one); null when none is written. What is
 * outside the subset is `tool.invalid_params` with the place of the word.
 */
export function readOutputSchema(written: Json | undefined): JsonMap | null {
  if (written === undefined || written === null || written === '') return null;
  const schema = typeof written === 'string' ? parseText(written) : written;
  const [problem] = schemaProblems(schema);
  if (problem !== undefined) throw invalid(problem);
  return schema as JsonMap;
}

function parseText(text: string): Json {
  const read = readJsonOrNull(text);
  if (read !== null) return read.value;
  throw invalid({ message: 'it is a text that is not JSON', fix: 'Write it as a map, or as JSON.' });
}

const invalid = ({ message, fix }: SchemaProblem): AppError =>
  new AppError('tool.invalid_params', `output_schema: ${message}`, { hint: fix });
