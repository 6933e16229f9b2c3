import { AppError } from '../../shared/errors.ts';
import { isJsonMap, type JsonMap } from '../../shared/json.ts';
import type { Diagnostic } from '../../shared/model/diagnostic.ts';
import type { ToolOperationInfo } from '../../shared/model/tool.ts';
import { didYouMean } from '../../shared/suggest-name.ts';

const MAX_SHOWN = 50;

/** `tool.unknown_operation`: no operation of that name, and which there are. */
export function unknownOperation(tool: string, name: string, known: readonly string[]): AppError {
  const shown = known.length > MAX_SHOWN ? [...known.slice(0, MAX_SHOWN), '…'] : known;
  const all = `'aiworkflow tools show ${tool}' lists them.`;
  return new AppError('tool.unknown_operation', `Unknown operation: ${name}. Available: [${shown.join(', ')}]`, {
    hint: didYouMean(name, known, `${tool}.`) ?? (known.length > MAX_SHOWN ? all : undefined),
    details: { tool, operation: name },
  });
}

/** What an operation takes beside the parameters of its schema. */
export interface CallForm {
  /** Names that every operation may have. */
  readonly everywhere: readonly string[];
  /** Of these one brings what is required with it. */
  readonly wholes: readonly string[];
  /** Only names of the schema, whatever it says. */
  readonly isClosed: boolean;
}

/**
 * What can be seen of a call before a run: the operation, unknown parameters and missing ones. Values may still hold templates; they
 * are held against the whole schema when the call is made.
 */
export function checkCall(find: () => ToolOperationInfo, inputs: JsonMap, form: CallForm): readonly Diagnostic[] {
  try {
    const { parameters } = find();
    const given = Object.keys(inputs);
    return [
      ...unknownNames(parameters, given, form),
      ...(form.wholes.some((name) => given.includes(name)) ? [] : missingNames(parameters, given)),
    ];
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return [{ severity: 'error', code: error.code, message: error.message, ...toFix(error.hint) }];
  }
}

function unknownNames(parameters: JsonMap, given: readonly string[], form: CallForm): readonly Diagnostic[] {
  const { properties = null, additionalProperties, patternProperties } = parameters;
  if (!form.isClosed && (additionalProperties !== false || patternProperties !== undefined)) return [];
  const known = isJsonMap(properties) ? Object.keys(properties) : [];
  return given
    .filter((name) => !known.includes(name) && !form.everywhere.includes(name))
    .map((name) => problem(`Parameter '${name}' is not known to this operation.`, didYouMean(name, known)));
}

function missingNames({ required }: JsonMap, given: readonly string[]): readonly Diagnostic[] {
  const names = Array.isArray(required) ? required.filter((name): name is string => typeof name === 'string') : [];
  return names.filter((name) => !given.includes(name)).map((name) => problem(`Parameter '${name}' is required.`));
}

const toFix = (fix: string | undefined): { readonly fix?: string } => (fix === undefined ? {} : { fix });

const problem = (message: string, fix?: string): Diagnostic => ({
  severity: 'error',
  code: 'tool.invalid_params',
  message,
  ...toFix(fix),
});
