import type { Tool } from '@modelcontextprotocol/sdk/types.js';
import { AppError } from '../../../shared/errors.ts';
import { isDeeperThan, isJsonMap, type Json, type JsonMap, MAX_JSON_DEPTH } from '../../../shared/json.ts';
import type { ToolOperationInfo } from '../../../shared/model/tool.ts';
import { suggestName } from '../../../shared/suggest-name.ts';
import { definitionsHash } from '../definitions-hash.ts';
import type { ToolDefinitions } from '../registry-tool.ts';
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

/**
 * What a server lists, as operations (SPEC §5.3). `tool.definition_invalid` for what cannot be told apart, is endless or too
 * deep.
 */
export function toListedTools(tool: string, found: readonly Tool[], settings: McpSettings): ListedTools {
  const names = new Map<string, string>();
  const operations: ToolOperationInfo[] = [];
  if (found.length > MAX_TOOLS) throw invalid(tool, `it lists more than ${MAX_TOOLS} tools`);
  if (isDeeperThan(found, MAX_JSON_DEPTH)) throw invalid(tool, 'its schemas are nested too deep');
  if (JSON.stringify(found).length > MAX_DEFINITIONS_CHARS)
    throw invalid(tool, 'its tools are described in more than 2 MiB');
  for (const one of found) {
    const name = plainText(one.name, false);
    if (name === '' || name.length > MAX_NAME_CHARS) throw invalid(tool, 'it lists a tool without a usable name');
    if (!isWanted(name, settings)) continue;
    if (names.has(name)) throw invalid(tool, `it lists '${name}' twice`);
    names.set(name, one.name);
    operations.push(toOperation(name, one));
  }
  return { definitions: { operations, hash: definitionsHash(operations) }, names };
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

/** SPEC §5.3: `-` and `_` are equal. */
const folded = (name: string): string => name.replaceAll('-', '_');

function isWanted(name: string, { include, exclude }: McpSettings): boolean {
  const isNamed = (list: readonly string[]): boolean => list.some((one) => folded(one) === folded(name));
  return (include === null || isNamed(include)) && !isNamed(exclude);
}

/** The operation that a name means: the very one, else the one that differs in `-` and `_` only. `tool.unknown_operation`. */
export function findOperation(tool: string, operations: readonly ToolOperationInfo[], name: string): ToolOperationInfo {
  const found =
    operations.find((one) => one.name === name) ?? operations.find((one) => folded(one.name) === folded(name));
  if (found !== undefined) return found;
  const near = suggestName(
    name,
    operations.map((one) => one.name),
  );
  throw new AppError('tool.unknown_operation', `MCP tool not found: ${name}`, {
    hint: near === undefined ? `Look at the tools that '${tool}' lists.` : `Did you mean \`${tool}.${near}\`?`,
    details: { tool, operation: name },
  });
}

function invalid(tool: string, what: string): AppError {
  return new AppError('tool.definition_invalid', `The MCP server of '${tool}' cannot be used: ${what}.`, {
    hint: 'This is an error of the server. Look for another version of it.',
  });
}
