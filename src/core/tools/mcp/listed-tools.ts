import type { Tool } from '@modelcontextprotocol/sdk/types.js';
import { AppError } from '../../../shared/errors.ts';
import { grouped } from '../../../shared/grouped.ts';
import { isDeeperThan, isJsonMap, type Json, type JsonMap, MAX_JSON_DEPTH } from '../../../shared/json.ts';
import type { LeftOutOperation, ToolOperationInfo } from '../../../shared/model/tool.ts';
import { didYouMean } from '../../../shared/suggest-name.ts';
import { definitionsHash } from '../definitions-hash.ts';
import type { ToolDefinitions } from '../registry-port.ts';
import { leaveOutNulls, shapeProblem } from './answer-shape.ts';
import type { McpSettings } from './mcp-settings.ts';
import { plainSchema, plainText } from './plain-text.ts';

/** All that a server says about its tools, as JSON: more is no description any more. */
const MAX_DEFINITIONS_CHARS = 2 * 1024 * 1024;
const MAX_TOOLS = 1000;
const MAX_NAME_CHARS = 128;

/** The tools of a server that may be called. */
export interface ListedTools {
  readonly definitions: ToolDefinitions;
  /** The server's own names, by operation. */
  readonly names: ReadonlyMap<string, string>;
}

/** What the server lists, and the settings that say what of it counts. */
export interface Listing {
  readonly found: readonly Json[];
  readonly settings: McpSettings;
  /** Takes out what must not be shown: a server may know keys and repeat them. */
  readonly redact: <T>(value: T) => T;
}

/**
 * What a server lists, as operations (SPEC §5.3), read one by one: a tool that cannot be used, or not be told apart from another, is left
 * out and named in `definitions.leftOut`. `tool.definition_invalid` for what has no measure.
 */
export async function toListedTools(tool: string, { found, settings, redact }: Listing): Promise<ListedTools> {
  if (found.length > MAX_TOOLS) throw invalid(tool, `it lists more than ${grouped(MAX_TOOLS)} tools`);
  if (JSON.stringify(found).length > MAX_DEFINITIONS_CHARS)
    throw invalid(tool, 'its tools are described in more than 2 MiB');
  const { ToolSchema } = await import('@modelcontextprotocol/sdk/types.js');
  const names = new Map<string, string>();
  const operations: ToolOperationInfo[] = [];
  const leftOut: LeftOutOperation[] = [];
  for (const [index, one] of found.entries()) {
    const name = isJsonMap(one) && typeof one.name === 'string' ? plainText(one.name, false) : '';
    const leaveOut = (problem: string): void => void leftOut.push({ name: name || `number ${index + 1}`, problem });
    if (name === '' || name.length > MAX_NAME_CHARS) leaveOut('it has no usable name');
    else if (!isWanted(name, settings)) continue;
    else if (names.has(name)) leaveOut('a tool before it has the same name');
    else if (isDeeperThan(one, MAX_JSON_DEPTH)) leaveOut('its schemas are nested too deep');
    else {
      const read = ToolSchema.safeParse(mended(one as JsonMap));
      if (!read.success) leaveOut(shapeProblem(read.error) ?? 'it is not what the protocol knows');
      else {
        names.set(name, read.data.name);
        operations.push({ ...redact(toOperation(name, read.data)), name });
      }
    }
  }
  const told = leftOut.length === 0 ? {} : { leftOut: redact(leftOut) };
  return { definitions: { operations, hash: definitionsHash(operations), ...told }, names };
}

/** What can be meant in one way alone: null for what is left out, a schema of an object that does not say `type: object`. */
function mended(tool: JsonMap): JsonMap {
  const { inputSchema, outputSchema, annotations, ...rest } = leaveOutNulls(tool);
  const schemas = Object.entries({ inputSchema, outputSchema }).filter(([, schema]) => schema !== undefined);
  return {
    ...rest,
    ...(isJsonMap(annotations) ? { annotations: leaveOutNulls(annotations) } : {}),
    ...Object.fromEntries(
      schemas.map(([key, schema]) => [key, isJsonMap(schema) ? { type: 'object', ...schema } : schema]),
    ),
  };
}

function toOperation(name: string, tool: Tool): ToolOperationInfo {
  const hints = tool.annotations;
  const annotations = plainSchema(onlyJson({ ...hints, ...(tool.title === undefined ? {} : { title: tool.title }) }));
  return {
    name,
    description: plainText(tool.description ?? '', true),
    parameters: toSchema(tool.inputSchema),
    outputSchema: tool.outputSchema === undefined ? null : toSchema(tool.outputSchema),
    effect: hints?.readOnlyHint === true || hints?.idempotentHint === true ? 'idempotent' : 'effect',
    ...(hints?.readOnlyHint === true ? { isReadOnly: true } : {}),
    ...(isJsonMap(annotations) && Object.keys(annotations).length > 0 ? { annotations } : {}),
  };
}

function toSchema(schema: unknown): JsonMap {
  const plain = plainSchema(onlyJson(schema));
  return isJsonMap(plain) ? plain : {};
}

/** What came as JSON is JSON again, without what a library added to it. */
function onlyJson(value: unknown): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}

/** One sentence for the log and for whoever asks for it. */
export const leftOutText = ({ name, problem }: LeftOutOperation): string =>
  `The tool '${name}' of the server is left out: ${problem}.`;

/** SPEC §5.3: `-` and `_` are equal. */
const folded = (name: string): string => name.replaceAll('-', '_');

function isWanted(name: string, { include, exclude }: McpSettings): boolean {
  const isNamed = (list: readonly string[]): boolean => list.some((one) => folded(one) === folded(name));
  return (include === null || isNamed(include)) && !isNamed(exclude);
}

/** The operation that a name means: the very one, else the one that differs in `-` and `_` only. `tool.unknown_operation`. */
export function findOperation(
  tool: string,
  { operations, leftOut }: Pick<ToolDefinitions, 'operations' | 'leftOut'>,
  name: string,
): ToolOperationInfo {
  const found =
    operations.find((one) => one.name === name) ?? operations.find((one) => folded(one.name) === folded(name));
  if (found !== undefined) return found;
  const names = operations.map((one) => one.name);
  const malformed = leftOut?.find((one) => folded(one.name) === folded(name));
  if (malformed !== undefined)
    throw new AppError('tool.unknown_operation', `MCP tool not found: ${name}`, {
      hint: `${leftOutText(malformed)} This is an error of the server.`,
      details: { tool, operation: name },
    });
  throw new AppError('tool.unknown_operation', `MCP tool not found: ${name}`, {
    hint: didYouMean(name, names, `${tool}.`) ?? `Look at the tools that '${tool}' lists.`,
    details: { tool, operation: name },
  });
}

function invalid(tool: string, what: string): AppError {
  return new AppError('tool.definition_invalid', `The MCP server of '${tool}' cannot be used: ${what}.`, {
    hint: 'This is an error of the server. Look for another version of it.',
  });
}
