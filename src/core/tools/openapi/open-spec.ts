import { AppError } from '../../../shared/errors.ts';
import { grouped } from '../../../shared/grouped.ts';
import { isJsonMap, type Json } from '../../../shared/json.ts';
import type { Diagnostic } from '../../../shared/model/diagnostic.ts';
import { didYouMean } from '../../../shared/suggest-name.ts';
import { unknownOperation } from '../check-call.ts';
import type { ToolDefinitions } from '../registry-port.ts';
import { createInputCheck, type InputCheck } from './check-inputs.ts';
import { definitionInvalid } from './definition-error.ts';
import { describeOperations, type Place } from './describe-operations.ts';
import { createFreeNames } from './free-names.ts';
import { operationName } from './operation-id.ts';
import { readOperation } from './read-operation.ts';
import { TYPES } from './schema-keywords.ts';
import { entriesOf, follow, type Located, own, part, type SpecDocuments } from './spec-documents.ts';
import { SPEC_LIMITS } from './spec-limits.ts';
import { METHODS, type OperationEntry, type SpecOperation } from './spec-model.ts';

/** An operation that is ready to be called. */
export interface ReadyOperation {
  readonly operation: SpecOperation;
  readonly check: InputCheck;
}

/** A spec that was read. */
export interface OpenSpec {
  readonly documents: SpecDocuments;
  readonly definitions: ToolDefinitions;
  /** What validation says of an operation of which some parameters are of no type: they are taken as they come. */
  typeProblems(name: string): readonly Diagnostic[];
  /** Read and its check made once, when it is first called. `tool.unknown_operation`, `tool.definition_invalid`. */
  ready(name: string): Promise<ReadyOperation>;
}

/** `tool.definition_invalid` when it is no OpenAPI 3.0 or 3.1. */
export function openSpec(documents: SpecDocuments, place: Place): OpenSpec {
  const entries = indexOperations(documents);
  const definitions = describeOperations(documents, entries.values(), place);
  const ready = new Map<string, Promise<ReadyOperation>>();
  return {
    documents,
    definitions,
    typeProblems: (name) => {
      const entry = entries.get(name) ?? entries.get(operationName(name));
      return entry === undefined ? [] : parameterTypeProblems(documents, entry, place.tool);
    },
    ready: (name) => {
      const entry = entries.get(name) ?? entries.get(operationName(name));
      if (entry === undefined) return Promise.reject(unknownOperation(place.tool, name, [...entries.keys()]));
      const known = ready.get(entry.name) ?? makeReady(documents, readOperation(documents, entry));
      ready.set(entry.name, known);
      return known;
    },
  };
}

async function makeReady(documents: SpecDocuments, operation: SpecOperation): Promise<ReadyOperation> {
  return { operation, check: createInputCheck(documents, operation) };
}

const MAX_SHOWN_CHARS = 60;

/**
 * Parameters and fields of a body whose type OpenAPI does not know. No error: specs with `type: file` or `type: date` are called every
 * day, and such a value is taken as it comes.
 */
function parameterTypeProblems(documents: SpecDocuments, entry: OperationEntry, tool: string): readonly Diagnostic[] {
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

/** The operations of a spec by name, in the order of the file. `tool.definition_invalid` when it is no OpenAPI 3.0 or 3.1. */
function indexOperations(documents: SpecDocuments): ReadonlyMap<string, OperationEntry> {
  const root = { document: documents.root, value: documents.documents.get(documents.root) ?? null };
  checkVersion(root.value, documents.name);
  const found = new Map<string, OperationEntry>();
  const freeName = createFreeNames();
  for (const [path, written] of entriesOf(part(root, 'paths'))) {
    if (!path.startsWith('/')) continue;
    const pathItem = follow(documents, written);
    for (const method of METHODS) {
      const operation = part(pathItem, method);
      if (operation === undefined || !isJsonMap(operation.value)) continue;
      const name = freeName(nameOf(operation, method, path));
      found.set(name, { name, method, path, operation, pathItem });
      if (found.size > SPEC_LIMITS.operations) {
        throw definitionInvalid(`${documents.name} holds more than ${grouped(SPEC_LIMITS.operations)} operations.`);
      }
    }
  }
  return found;
}

function checkVersion(root: Json, name: string): void {
  const isMap = isJsonMap(root);
  const written = isMap ? own(root, 'openapi') : undefined;
  // A YAML file may hold 3.1 without quotes.
  const version = typeof written === 'string' || typeof written === 'number' ? String(written) : '';
  if (isMap && /^3\.[01](\.|$)/.test(version)) {
    const paths = own(root, 'paths') ?? {};
    if (isJsonMap(paths)) return;
    throw definitionInvalid(`'paths' of ${name} is not a map.`);
  }
  if (isMap && own(root, 'swagger') !== undefined) {
    throw definitionInvalid(`${name} is Swagger 2.0.`, 'Convert it to OpenAPI 3.0, for example with swagger2openapi.');
  }
  const said = version === '' ? '' : ` (it says ${version.slice(0, 20)})`;
  throw definitionInvalid(`${name} is not an OpenAPI 3.0 or 3.1 spec${said}.`);
}

function nameOf(operation: Located, method: string, path: string): string {
  const id = part(operation, 'operationId')?.value;
  const byId = typeof id === 'string' ? operationName(id) : '';
  return byId === '' ? operationName(`${method}_${path}`) : byId;
}
