/** How a schema is meant, by who wrote it: the one table of all users of this area. */
export interface SchemaRules {
  /** Tells the rules apart where what was compiled is kept. */
  readonly name: string;
  /** `re2`: without look-around, in steps that are counted. `ecma`: as the standard has it, ended by the clock alone. */
  readonly patterns: 're2' | 'ecma';
  /** Whether `format` is checked; else it is a note, as 2020-12 has it. */
  readonly checksFormats: boolean;
  /** What `$ref` leads to is compiled when a value is first held against it: any number of them, all inside the schema. */
  readonly followsReferences: boolean;
  /** Whether all that is wrong is said; else the first. */
  readonly saysAll: boolean;
  /** A longer one, as JSON, is an attack or a mistake. Infinity = it was measured before. */
  readonly mostChars: number;
}

const MOST_CHARS = 256 * 1024;

/** `output_schema` of an agent step: its words were looked at by {@link schemaProblems}. */
export const OUTPUT_SCHEMA: SchemaRules = {
  name: 'output',
  ...{ patterns: 're2', checksFormats: false, followsReferences: true, saysAll: true, mostChars: MOST_CHARS },
};

/** Arguments that a model gives a function: the tool itself looks at them too. */
export const FUNCTION_ARGUMENTS: SchemaRules = {
  name: 'function',
  ...{ patterns: 're2', checksFormats: false, followsReferences: false, saysAll: true, mostChars: MOST_CHARS },
};

/** What an MCP server or a module says of its parameters and answers. */
export const SERVER_SCHEMA: SchemaRules = {
  name: 'server',
  ...{ patterns: 'ecma', checksFormats: false, followsReferences: false, saysAll: false, mostChars: MOST_CHARS },
};

/** Parameters and body of an OpenAPI operation, converted and measured before. */
export const REQUEST_SCHEMA: SchemaRules = {
  name: 'request',
  patterns: 'ecma',
  ...{ checksFormats: true, followsReferences: false, saysAll: false, mostChars: Number.POSITIVE_INFINITY },
};
