/** What a keyword of a schema may hold. */
export type KeywordKind = 'number' | 'flag' | 'text' | 'texts' | 'schema' | 'schemas' | 'schemaMap' | 'values' | 'any';

/**
 * The keywords of JSON Schema that are taken over from a spec. Everything else is left out: what describes (examples, XML names)
 * and what would let a spec name places outside its own definitions (`$id`, `$anchor`, `$dynamicRef`).
 */
export const KEYWORDS: ReadonlyMap<string, KeywordKind> = new Map<string, KeywordKind>([
  ...(['title', 'description', 'format', 'pattern', 'contentEncoding', 'contentMediaType'] as const).map(
    (key) => [key, 'text'] as const,
  ),
  ...(['maximum', 'minimum', 'exclusiveMaximum', 'exclusiveMinimum', 'multipleOf'] as const).map(
    (key) => [key, 'number'] as const,
  ),
  ...(['maxLength', 'minLength', 'maxItems', 'minItems', 'maxProperties', 'minProperties'] as const).map(
    (key) => [key, 'number'] as const,
  ),
  ...(['uniqueItems', 'deprecated', 'readOnly', 'writeOnly'] as const).map((key) => [key, 'flag'] as const),
  ...(['items', 'additionalProperties', 'not', 'contains', 'propertyNames', 'if', 'then', 'else'] as const).map(
    (key) => [key, 'schema'] as const,
  ),
  ...(['allOf', 'anyOf', 'oneOf', 'prefixItems'] as const).map((key) => [key, 'schemas'] as const),
  ...(['properties', 'patternProperties'] as const).map((key) => [key, 'schemaMap'] as const),
  ['required', 'texts'],
  ['enum', 'values'],
  ['const', 'any'],
  ['default', 'any'],
]);

/** The types that a schema may name. */
export const TYPES: ReadonlySet<unknown> = new Set([
  'string',
  'number',
  'integer',
  'boolean',
  'object',
  'array',
  'null',
]);
