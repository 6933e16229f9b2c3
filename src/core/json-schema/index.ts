/** JSON Schema (SPEC §4.2, §5.3, §5.4): compiled and bounded in one place, errors in words, and what is known of a schema by itself. */
export { type SchemaProblem, schemaProblems } from './check-subset.ts';
export { checkValue } from './check-value.ts';
export { resolveReference } from './resolve-reference.ts';
export { MOST_LEVELS, MOST_VALUES, readSchemaGraph, type SchemaGraph } from './schema-graph.ts';
export { FUNCTION_ARGUMENTS, OUTPUT_SCHEMA, REQUEST_SCHEMA, SERVER_SCHEMA } from './schema-rules.ts';
export type { SchemaVerdict } from './schema-verdict.ts';
export { problemLine, type ValueProblem } from './value-problem.ts';
