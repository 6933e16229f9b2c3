import { AppError } from '../../../shared/errors.ts';
import { isJsonMap, type JsonMap } from '../../../shared/json.ts';
import type { Diagnostic } from '../../../shared/model/diagnostic.ts';
import { suggestName } from '../../../shared/suggest-name.ts';
import type { ToolDefinitions } from '../registry-port.ts';
import { findOperation } from './listed-tools.ts';

/**
 * What can be seen of a call before a run: the operation, missing and unknown parameters. Values may still hold templates; they
 * are held against the whole schema when the call is made.
 */
export function checkInputs(
  tool: string,
  definitions: ToolDefinitions,
  call: { readonly operation: string; readonly inputs: JsonMap },
): readonly Diagnostic[] {
  try {
    const { name, parameters } = findOperation(tool, definitions, call.operation);
    return [
      ...missing(`${tool}.${name}`, parameters, call.inputs),
      ...unknown(`${tool}.${name}`, parameters, call.inputs),
    ];
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return [{ severity: 'error', code: error.code, message: error.message, ...toFix(error.hint) }];
  }
}

const toFix = (fix: string | undefined): { readonly fix?: string } => (fix === undefined ? {} : { fix });

function missing(name: string, { required }: JsonMap, inputs: JsonMap): readonly Diagnostic[] {
  const names = Array.isArray(required) ? required : [];
  return names
    .filter((key) => typeof key === 'string' && !Object.hasOwn(inputs, key))
    .map((key) => problem(`${name} needs the parameter \`${key}\`.`));
}

function unknown(
  name: string,
  { properties, additionalProperties, ...schema }: JsonMap,
  inputs: JsonMap,
): readonly Diagnostic[] {
  if (additionalProperties !== false || schema.patternProperties !== undefined) return [];
  const known = isJsonMap(properties ?? null) ? Object.keys(properties as JsonMap) : [];
  return Object.keys(inputs)
    .filter((key) => !known.includes(key))
    .map((key) => {
      const near = suggestName(key, known);
      return problem(
        `${name} has no parameter \`${key}\`.${near === undefined ? '' : ` Did you mean \`${near}\`?`}`,
        near,
      );
    });
}

const problem = (message: string, fix?: string): Diagnostic => ({
  severity: 'error',
  code: 'tool.invalid_params',
  message,
  ...toFix(fix),
});
