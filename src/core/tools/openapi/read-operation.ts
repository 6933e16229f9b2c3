import { grouped } from '../../../shared/grouped.ts';
import { isJsonMap } from '../../../shared/json.ts';
import { definitionInvalid } from './definition-error.ts';
import { jsonTypeOf } from './media-types.ts';
import { readBody } from './read-body.ts';
import { readSerialization } from './read-serialization.ts';
import { entriesOf, follow, type Located, own, part, type SpecDocuments, textOf } from './spec-documents.ts';
import { SPEC_LIMITS } from './spec-limits.ts';
import type {
  OperationEntry,
  ParameterPlace,
  SecurityScheme,
  Serialization,
  SpecOperation,
  SpecParameter,
} from './spec-model.ts';

/** Reads one operation with all that it refers to. `tool.definition_invalid` when it cannot be called. */
export function readOperation(documents: SpecDocuments, entry: OperationEntry): SpecOperation {
  const parameters = readParameters(documents, entry);
  const { isOpen, schemes } = readSecurity(documents, entry.operation);
  return {
    name: entry.name,
    method: entry.method,
    path: entry.path,
    description: descriptionOf(entry.operation),
    parameters,
    body: readBody(documents, entry.operation, parameters),
    server: readServer(documents, entry),
    schemes,
    isOpen,
    output: readOutput(documents, entry.operation),
  };
}

/** Summary first, then what the description adds. */
function descriptionOf(of: Located): string {
  const [summary, description] = [textOf(of, 'summary'), textOf(of, 'description')];
  if (summary === '' || description === summary) return description;
  return description === '' ? summary : `${summary}\n\n${description}`;
}

const PLACES: ReadonlySet<string> = new Set<ParameterPlace>(['path', 'query', 'header', 'cookie']);
/** OpenAPI: header parameters of these names are to be ignored, for the request has its own say in them. */
const OWN_HEADERS: ReadonlySet<string> = new Set(['accept', 'content-type', 'authorization']);

type Draft = Omit<SpecParameter, 'name'>;

function readParameters(documents: SpecDocuments, entry: OperationEntry): readonly SpecParameter[] {
  const drafts = new Map<string, Draft>();
  for (const holder of [entry.pathItem, entry.operation]) {
    const declared = entriesOf(part(holder, 'parameters'));
    if (declared.length > SPEC_LIMITS.inputs) {
      throw definitionInvalid(`An operation has more than ${grouped(SPEC_LIMITS.inputs)} parameters.`);
    }
    for (const [, written] of declared) {
      const draft = readParameter(documents, follow(documents, written));
      // The operation's own parameter takes the place of the path's.
      if (draft !== null) drafts.set(`${draft.place} ${draft.wireName}`, draft);
    }
  }
  for (const [, name = ''] of entry.path.matchAll(/\{([^{}]+)\}/g)) {
    const key = `path ${name}`;
    if (!drafts.has(key)) drafts.set(key, undeclared(name, entry.operation.document));
  }
  return withNames([...drafts.values()]);
}

/** A placeholder of the path that nobody declared: a text. */
function undeclared(name: string, document: string): Draft {
  const serialization: Serialization = { style: 'simple', explode: false, allowReserved: false, contentType: null };
  const schema: Located = { document, value: { type: 'string' } };
  return { wireName: name, place: 'path', isRequired: true, description: '', serialization, schema };
}

function withNames(drafts: readonly Draft[]): readonly SpecParameter[] {
  const taken = new Set<string>();
  return drafts.map((draft) => {
    let name = taken.has(draft.wireName) ? `${draft.place}_${draft.wireName}` : draft.wireName;
    while (taken.has(name)) name = `${name}_`;
    taken.add(name);
    return { ...draft, name };
  });
}

function readParameter(documents: SpecDocuments, of: Located): Draft | null {
  const wireName = textOf(of, 'name');
  const place = textOf(of, 'in');
  if (!isJsonMap(of.value) || wireName === '' || !isPlace(place)) {
    throw definitionInvalid("A parameter of the spec has no name or no place ('in').");
  }
  if (place === 'header' && OWN_HEADERS.has(wireName.toLowerCase())) return null;
  const [content] = entriesOf(part(of, 'content'));
  const schema = content === undefined ? part(of, 'schema') : part(follow(documents, content[1]), 'schema');
  return {
    wireName,
    place,
    isRequired: place === 'path' || part(of, 'required')?.value === true,
    description: textOf(of, 'description'),
    serialization: readSerialization(of, place, content?.[0] ?? null),
    schema: schema ?? { document: of.document, value: {} },
  };
}

const isPlace = (place: string): place is ParameterPlace => PLACES.has(place);

/** The nearest `servers[0]`: of the operation, its path, the spec. */
function readServer(documents: SpecDocuments, entry: OperationEntry): string | null {
  const root = { document: documents.root, value: documents.documents.get(documents.root) ?? null };
  for (const holder of [entry.operation, entry.pathItem, root]) {
    const [first] = entriesOf(part(holder, 'servers'));
    const url = first === undefined ? '' : textOf(first[1], 'url');
    if (first !== undefined && url !== '') return withDefaults(url, part(first[1], 'variables'));
  }
  return null;
}

function withDefaults(url: string, variables: Located | undefined): string {
  return url.replace(/\{([^{}]+)\}/g, (whole, name: string) => {
    const variable = variables === undefined ? undefined : part(variables, name);
    const value = variable === undefined || !isJsonMap(variable.value) ? undefined : own(variable.value, 'default');
    return typeof value === 'string' || typeof value === 'number' ? String(value) : whole;
  });
}

/** The schema of the first success that is JSON. */
function readOutput(documents: SpecDocuments, operation: Located): Located | null {
  const success = entriesOf(part(operation, 'responses')).find(([status]) => /^2/.test(status));
  if (success === undefined) return null;
  const media = jsonTypeOf(entriesOf(part(follow(documents, success[1]), 'content')));
  return media === undefined ? null : (part(media, 'schema') ?? null);
}

interface Security {
  /** The spec says that the operation takes no login. */
  readonly isOpen: boolean;
  /** What it asks for; where it says nothing, everything that the spec knows. */
  readonly schemes: readonly SecurityScheme[];
}

/** How an operation wants its callers to log in. `tool.definition_invalid`. */
function readSecurity(documents: SpecDocuments, operation: Located): Security {
  const root = { document: documents.root, value: documents.documents.get(documents.root) ?? null };
  const components = part(root, 'components');
  const declared = new Map(components === undefined ? [] : entriesOf(part(components, 'securitySchemes')));
  const asked = part(operation, 'security') ?? part(root, 'security');
  if (asked === undefined) {
    return { isOpen: false, schemes: [...declared.values()].flatMap((one) => readScheme(documents, one, [])) };
  }
  const alternatives = entriesOf(asked).map(([, one]) => entriesOf(one));
  const schemes = alternatives.flat().flatMap(([name, scopes]) => {
    const scheme = declared.get(name);
    return scheme === undefined ? [] : readScheme(documents, scheme, textsOf(scopes));
  });
  return { isOpen: alternatives.every((one) => one.length === 0), schemes };
}

const textsOf = (of: Located): readonly string[] =>
  Array.isArray(of.value) ? of.value.filter((one): one is string => typeof one === 'string') : [];

function readScheme(documents: SpecDocuments, written: Located, scopes: readonly string[]): readonly SecurityScheme[] {
  const scheme = follow(documents, written);
  if (!isJsonMap(scheme.value)) return [];
  const type = textOf(scheme, 'type');
  if (type === 'apiKey') return readKey(textOf(scheme, 'in'), textOf(scheme, 'name'));
  if (type !== 'oauth2') return [{ type: 'http' }];
  const flows = part(scheme, 'flows');
  const flow = flows === undefined ? undefined : part(flows, 'clientCredentials');
  const tokenUrl = flow === undefined ? '' : textOf(flow, 'tokenUrl');
  return tokenUrl === '' ? [{ type: 'http' }] : [{ type: 'oauth2', tokenUrl, scopes }];
}

function readKey(place: string, name: string): readonly SecurityScheme[] {
  const isKnown = place === 'header' || place === 'query' || place === 'cookie';
  return isKnown && name !== '' ? [{ type: 'api_key', place, name }] : [];
}
