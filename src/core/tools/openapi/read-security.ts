import { isJsonMap } from '../../../shared/json.ts';
import { entriesOf, follow, type Located, part, type SpecDocuments, textOf } from './spec-documents.ts';
import type { SecurityScheme } from './spec-model.ts';

export interface Security {
  /** The spec says that the operation takes no login. */
  readonly isOpen: boolean;
  /** What it asks for; where it says nothing, everything that the spec knows. */
  readonly schemes: readonly SecurityScheme[];
}

/** How an operation wants its callers to log in. `tool.definition_invalid`. */
export function readSecurity(documents: SpecDocuments, operation: Located): Security {
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
