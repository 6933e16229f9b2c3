import { isJsonMap, type Json } from '../../../shared/json.ts';
import { definitionInvalid } from './definition-error.ts';
import { createFreeNames } from './free-names.ts';
import { operationName } from './operation-id.ts';
import { entriesOf, follow, type Located, own, part, type SpecDocuments } from './spec-documents.ts';
import { SPEC_LIMITS } from './spec-limits.ts';
import { METHODS, type OperationEntry } from './spec-model.ts';

/** The operations of a spec by name, in the order of the file. `tool.definition_invalid` when it is no OpenAPI 3.0 or 3.1. */
export function indexOperations(documents: SpecDocuments): ReadonlyMap<string, OperationEntry> {
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
        throw definitionInvalid(`${documents.name} holds more than ${SPEC_LIMITS.operations} operations.`);
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
    throw definitionInvalid(`\`paths\` of ${name} is not a map.`);
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
