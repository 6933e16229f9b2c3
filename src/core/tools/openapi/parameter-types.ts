import { AppError } from '../../../shared/errors.ts';
import type { Json } from '../../../shared/json.ts';
import type { Diagnostic } from '../../../shared/model/diagnostic.ts';
import { didYouMean } from '../../../shared/suggest-name.ts';
import { readOperation } from './read-operation.ts';
import { TYPES } from './schema-keywords.ts';
import { follow, part, type SpecDocuments } from './spec-documents.ts';
import type { OperationEntry } from './spec-model.ts';

const MAX_SHOWN_CHARS = 60;

/**
 * Parameters and fields of a body whose type OpenAPI does not know. No error: specs with `type: file` or `type: date` are called every
 * day, and such a value is taken as it comes.
 */
export function parameterTypeProblems(
  documents: SpecDocuments,
  entry: OperationEntry,
  tool: string,
): readonly Diagnostic[] {
  try {
    const { parameters, body } = readOperation(documents, entry);
    return [...parameters, ...(body?.properties ?? [])].flatMap(({ name, schema }) =>
      unknownTypes(part(follow(documents, schema), 'type')?.value).map((type) =>
        toProblem(`${tool}.${entry.name}.${name}`, type),
      ),
    );
  } catch (thrown) {
    // An operation that cannot be read says so where it is described and called.
    if (thrown instanceof AppError) return [];
    throw thrown;
  }
}

function unknownTypes(written: Json | undefined): readonly string[] {
  const words: readonly Json[] = Array.isArray(written) ? written : [written ?? null];
  return words.filter((word): word is string => typeof word === 'string' && !TYPES.has(word));
}

function toProblem(parameter: string, type: string): Diagnostic {
  const known = [...TYPES].map(String);
  const message = `Parameter '${parameter}' has an unknown type '${type.slice(0, MAX_SHOWN_CHARS)}': any value is taken.`;
  const fix = didYouMean(type, known) ?? `Types: ${known.join(', ')}.`;
  return { severity: 'warning', code: 'tool.definition_invalid', message, fix };
}
