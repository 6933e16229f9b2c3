import { AppError } from '../../../shared/errors.ts';
import type { JsonMap } from '../../../shared/json.ts';
import type { ToolOperationInfo } from '../../../shared/model/tool.ts';
import { definitionsHash } from '../definitions-hash.ts';
import type { ToolDefinitions } from '../registry-port.ts';
import { type BaseSources, baseUrlOf } from './base-url.ts';
import type { ValueBudget } from './convert-schema.ts';
import { inputSchema, outputSchema, takeBudget } from './operation-schema.ts';
import { readOperation } from './read-operation.ts';
import type { SpecDocuments } from './spec-documents.ts';
import { SPEC_LIMITS } from './spec-limits.ts';
import type { Method, OperationEntry, SpecOperation } from './spec-model.ts';

export type Place = Omit<BaseSources, 'server'>;

/** What is left for the schemas of all operations. */
interface Budgets {
  readonly parameters: ValueBudget;
  readonly outputs: ValueBudget;
}

/** SPEC §3.4: only these are repeated by themselves. */
export const isSafe = (method: Method): boolean => method === 'get' || method === 'head' || method === 'options';

/**
 * The operations as lists, agents and the pin see them. The description ends with method and address, and where the login's secret
 * goes: a spec that sends them somewhere else is a changed spec. An operation that cannot be read stands there with the reason.
 */
export function describeOperations(
  documents: SpecDocuments,
  entries: Iterable<OperationEntry>,
  place: Place,
): ToolDefinitions {
  const budgets: Budgets = {
    parameters: { left: SPEC_LIMITS.allParameterValues, isCut: false },
    outputs: { left: SPEC_LIMITS.allOutputValues, isCut: false },
  };
  const operations = [...entries].map((entry) => describe(documents, entry, { place, budgets }));
  return { operations, hash: definitionsHash(operations) };
}

interface Context {
  readonly place: Place;
  readonly budgets: Budgets;
}

function describe(documents: SpecDocuments, entry: OperationEntry, { place, budgets }: Context): ToolOperationInfo {
  const effect = isSafe(entry.method)
    ? ({ effect: 'idempotent', isReadOnly: true } as const)
    : ({ effect: 'effect' } as const);
  try {
    const operation = readOperation(documents, entry);
    const budget = takeBudget(SPEC_LIMITS.parameterValues, budgets.parameters);
    const before = budget.left;
    const parameters = inputSchema(documents, operation, { isForChecks: false, takesWholeBody: false, budget });
    budgets.parameters.left -= before - budget.left;
    return {
      name: entry.name,
      description: [operation.description, requestLine(operation, place), ...loginLine(operation)]
        .filter(Boolean)
        .join('\n\n'),
      parameters,
      outputSchema: outputOrNull(documents, operation, budgets.outputs),
      ...effect,
    };
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
    const parameters: JsonMap = { type: 'object', properties: {} };
    return {
      name: entry.name,
      description: `Cannot be called: ${thrown.message}`,
      parameters,
      outputSchema: null,
      ...effect,
    };
  }
}

function requestLine({ method, path, server }: SpecOperation, place: Place): string {
  try {
    return `${method.toUpperCase()} ${baseUrlOf({ ...place, server })}${path}`;
  } catch {
    // Listing needs no server; a call says what is missing.
    return `${method.toUpperCase()} ${path}`;
  }
}

function loginLine({ schemes }: SpecOperation): readonly string[] {
  const scheme = schemes.find((one) => one.type === 'oauth2');
  return scheme === undefined ? [] : [`Logs in at ${scheme.tokenUrl}`];
}

/** An answer's schema helps and is needed by nobody. */
function outputOrNull(documents: SpecDocuments, operation: SpecOperation, left: ValueBudget): JsonMap | null {
  try {
    return outputSchema(documents, operation, left);
  } catch (thrown) {
    if (thrown instanceof AppError) return null;
    throw thrown;
  }
}
