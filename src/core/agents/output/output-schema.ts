import { AppError } from '../../../shared/errors.ts';
import { type Json, type JsonMap, readJsonOrNull } from '../../../shared/json.ts';
import { type SchemaProblem, schemaProblems } from '../../json-schema/index.ts';

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
