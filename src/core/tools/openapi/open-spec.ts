import type { Diagnostic } from '../../../shared/model/diagnostic.ts';
import { unknownOperation } from '../check-call.ts';
import type { ToolDefinitions } from '../registry-port.ts';
import { createInputCheck, type InputCheck } from './check-inputs.ts';
import { describeOperations, type Place } from './describe-operations.ts';
import { indexOperations } from './index-operations.ts';
import { operationName } from './operation-id.ts';
import { parameterTypeProblems } from './parameter-types.ts';
import { readOperation } from './read-operation.ts';
import type { SpecDocuments } from './spec-documents.ts';
import type { SpecOperation } from './spec-model.ts';

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
