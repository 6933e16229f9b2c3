import { isJsonMap, type Json, type JsonMap } from '../../shared/json.ts';
import type { Diagnostic } from '../../shared/model/diagnostic.ts';
import { didYouMean } from '../../shared/suggest-name.ts';
import type { ToolDefinitions } from './registry-port.ts';

/** `float` is a word of manifests (SPEC §5.2) that adapters write in their schemas, too. */
const TYPES = ['string', 'integer', 'number', 'float', 'boolean', 'object', 'array', 'null'];
const MAX_SHOWN = 60;
const MAX_PLACE = 200;

/** What is wrong with the parameters that a tool says its operations take: no call could be held against them, so none is made. */
export function definitionProblems(
  tool: string,
  definitions: ToolDefinitions | null,
  operation?: string,
): readonly Diagnostic[] {
  const operations = definitions?.operations.filter(({ name }) => operation === undefined || name === operation) ?? [];
  return operations.flatMap(({ name, parameters }) =>
    unknownTypes(parameters).map(({ place, type }): Diagnostic => {
      const fix = didYouMean(type, TYPES);
      const message = `Parameter '${tool}.${name}${place}' has an unknown type '${type}'. Types: ${TYPES.join(', ')}.`;
      return {
        severity: 'error',
        code: 'tool.definition_invalid',
        message,
        ...(fix === undefined ? {} : { fix }),
      };
    }),
  );
}

/** Every type of a JSON Schema that there is not. Without recursion: schemas come from strangers and can be deep. */
function unknownTypes(schema: JsonMap): readonly { readonly place: string; readonly type: string }[] {
  const found: { place: string; type: string }[] = [];
  const open: { place: string; part: Json }[] = [{ place: '', part: schema }];
  for (let one = open.pop(); one !== undefined; one = open.pop()) {
    const { place, part } = one;
    if (!isJsonMap(part)) continue;
    for (const type of Array.isArray(part.type) ? (part.type as readonly Json[]) : [part.type])
      if (type !== undefined && !TYPES.some((known) => known === type))
        found.push({ place, type: String(typeof type === 'string' ? type : JSON.stringify(type)).slice(0, MAX_SHOWN) });
    open.push(
      ...partsOf(part).map(({ name, part: inner }) => ({ place: `${place}${name}`.slice(0, MAX_PLACE), part: inner })),
    );
  }
  return found.toReversed();
}

const MAPS = ['properties', 'patternProperties', '$defs', 'definitions'] as const;
const LISTS = ['anyOf', 'oneOf', 'allOf', 'prefixItems'] as const;
const SINGLE = ['items', 'additionalProperties', 'contains', 'not', 'if', 'then', 'else'] as const;

interface Part {
  readonly name: string;
  readonly part: Json;
}

/** Schemas inside a schema; `name` is how people find them from there. */
function partsOf(schema: JsonMap): readonly Part[] {
  const maps = MAPS.flatMap((key) => {
    const map = schema[key] ?? null;
    const before = key === 'properties' ? '.' : `.${key}.`;
    return isJsonMap(map) ? Object.entries(map).map(([name, part]): Part => ({ name: `${before}${name}`, part })) : [];
  });
  const lists = LISTS.flatMap((key) => {
    const list = schema[key];
    return Array.isArray(list)
      ? (list as readonly Json[]).map((part, at): Part => ({ name: `.${key}[${at}]`, part }))
      : [];
  });
  const single = SINGLE.map((key): Part => ({ name: `.${key}`, part: schema[key] ?? null }));
  return [...maps, ...lists, ...single];
}
