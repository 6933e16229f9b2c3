import type { Json, JsonMap } from '../../../src/shared/json.ts';
import type { MessageAnswer, ModelRequest } from './answer.ts';
import { isMap, maps } from './read-request.ts';

/**
 * What a willing model answers when nothing is scripted: the smallest value that fits a schema where one is asked for, a title for a
 * title, what a tool said after a tool call, else a sentence that names the beginning of the prompt.
 */
export function defaultAnswer(request: ModelRequest): MessageAnswer {
  const usage = { inputTokens: 120, outputTokens: 30 };
  if (request.isAside) return { text: 'A short title', usage };
  const forced = forcedTool(request);
  if (forced !== null) return { json: exampleOf(schemaIn(forced.input_schema) ?? {}), usage };
  const schema = wantedSchema(request);
  if (schema !== null) return { text: JSON.stringify(exampleOf(schema)), usage };
  if (request.toolResults.length > 0) {
    return { text: `The tools said: ${request.toolResults.map((one) => one.text.slice(0, 200)).join(' | ')}`, usage };
  }
  return { text: `The model has read: ${request.prompt.slice(0, 60)}`, usage };
}

/** The tool of Claude Code through which a structured answer is given: it insists on it until it is called. */
const ANSWER_TOOL = 'StructuredOutput';

/** The tool that the answer has to be a call of. */
export function forcedTool({ body }: ModelRequest): JsonMap | null {
  const choice = body?.tool_choice;
  const wanted = isMap(choice) && choice.type === 'tool' ? choice.name : ANSWER_TOOL;
  return maps(body?.tools).find((one) => one.name === wanted) ?? null;
}

function wantedSchema({ body }: ModelRequest): JsonMap | null {
  const format = body?.response_format;
  if (isMap(format) && isMap(format.json_schema)) return schemaIn(format.json_schema.schema);
  if (isMap(format) && format.type === 'json_object') return {};
  return body?.format === 'json' ? {} : schemaIn(body?.format);
}

const schemaIn = (value: Json | undefined): JsonMap | null => (isMap(value) ? value : null);

/** A small value that a plain schema accepts. */
export function exampleOf(schema: JsonMap): Json {
  if (schema.const !== undefined) return schema.const;
  if (Array.isArray(schema.enum) && schema.enum[0] !== undefined) return schema.enum[0];
  const [variant] = [...maps(schema.oneOf), ...maps(schema.anyOf)];
  if (variant !== undefined) return exampleOf(variant);
  switch (Array.isArray(schema.type) ? schema.type[0] : schema.type) {
    case 'string':
      return 'x'.repeat(Math.max(1, Number(schema.minLength ?? 1)));
    case 'integer':
    case 'number':
      return Number(schema.minimum ?? 1);
    case 'boolean':
      return true;
    case 'null':
      return null;
    case 'array':
      return Array.from({ length: Number(schema.minItems ?? 1) }, () => exampleOf(schemaIn(schema.items) ?? {}));
    default:
      return exampleMap(schema);
  }
}

function exampleMap(schema: JsonMap): JsonMap {
  const properties = isMap(schema.properties) ? schema.properties : {};
  return Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, exampleOf(schemaIn(value) ?? {})]));
}
