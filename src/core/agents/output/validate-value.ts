import { AppError } from '../../../shared/errors.ts';
import type { Json, JsonMap } from '../../../shared/json.ts';
import {
  checkValue,
  FUNCTION_ARGUMENTS,
  OUTPUT_SCHEMA,
  problemLine,
  type SchemaVerdict,
} from '../../json-schema/index.ts';

/**
 * What is wrong with the arguments of a function. A schema that cannot be used says nothing here: the tool itself checks what it is
 * given, too.
 */
export async function validateArguments(parameters: JsonMap, input: JsonMap): Promise<readonly string[]> {
  return linesOf(await checkValue(parameters, input, FUNCTION_ARGUMENTS));
}

/**
 * What is wrong with a value, one plain line each with its place; empty = it meets the schema. The schema was checked before
 * (`schemaProblems`); one that takes too long to read is `tool.invalid_params`.
 */
export async function validateValue(schema: JsonMap, value: Json): Promise<readonly string[]> {
  const verdict = await checkValue(schema, value, OUTPUT_SCHEMA);
  if (verdict.kind !== 'unusable') return linesOf(verdict);
  if (!verdict.always) return [`the answer cannot be held against the schema: ${verdict.problem}`];
  throw new AppError('tool.invalid_params', `output_schema: no answer can be held against it: ${verdict.problem}`, {
    hint: 'Ask for less in one step.',
  });
}

const linesOf = (verdict: SchemaVerdict): readonly string[] =>
  verdict.kind === 'invalid' ? [...new Set(verdict.problems.map((one) => problemLine(one, 'the answer')))] : [];
