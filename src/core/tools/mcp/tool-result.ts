import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import { AppError } from '../../../shared/errors.ts';
import { isDeeperThan, type Json, type JsonMap, MAX_JSON_DEPTH, readShallowJson } from '../../../shared/json.ts';
import type { StepWarning } from '../../../shared/model/run.ts';
import type { ToolOperationInfo } from '../../../shared/model/tool.ts';
import { checkValue, problemLine, SERVER_SCHEMA } from '../../json-schema/index.ts';
import { withNumbers } from '../exact-integers.ts';
import type { CalledTool } from './mcp-connection.ts';

/** What of a failed call stands in its error. */
const MAX_MESSAGE_CHARS = 16 * 1024;

/** What a call came to. */
export interface ToolOutput {
  readonly output: Json;
  readonly warnings: readonly StepWarning[];
}

/**
 * SPEC §5.3: `structuredContent` wins, else a single text part (read as JSON where it is JSON), else the parts. `tool.failed`
 * for a result that is an error, `tool.invalid_reply` for one that is not what the server declared; where it only forgot the structured
 * content the work is done, and its text counts with a warning.
 */
export async function toOutput(operation: ToolOperationInfo, { result, notices }: CalledTool): Promise<ToolOutput> {
  if (isDeeperThan(result, MAX_JSON_DEPTH)) throw invalidReply(operation, 'its answer is nested too deep');
  const read = readOutput(result, notices);
  if (result.isError === true) throw failed(operation, read.output);
  const { outputSchema } = operation;
  if (outputSchema === null) return read;
  if (result.structuredContent === undefined) return unstructured(operation, outputSchema, { result, read });
  const verdict = await checkValue(outputSchema, withNumbers(read.output, outputSchema), SERVER_SCHEMA);
  if (verdict.kind === 'invalid')
    throw invalidReply(operation, `its answer does not meet its own schema: ${problemLine(verdict.problems[0], 'it')}`);
  if (verdict.kind === 'unusable')
    throw invalidReply(operation, `its output schema cannot be used: ${verdict.problem}`);
  return read;
}

function readOutput({ structuredContent, content }: CallToolResult, notices: readonly string[]): ToolOutput {
  const [only] = content;
  if (structuredContent === undefined && content.length === 1 && only?.type === 'text') return readText(only.text);
  const place = structuredContent === undefined ? 'content' : 'structuredContent';
  const own = notices.filter((notice) => notice.startsWith(place)).map((notice) => notice.slice(place.length));
  return {
    output: structuredContent === undefined ? (content as Json) : (structuredContent as Json),
    warnings: own.map((notice) => changed(notice.startsWith(':') ? `value${notice}` : notice.replace(/^\./, ''))),
  };
}

function readText(text: string): ToolOutput {
  const read = readShallowJson(text);
  if (read === null) return { output: text, warnings: [] };
  return { output: read.value, warnings: read.notices.map(({ message }) => changed(message)) };
}

const changed = (message: string): StepWarning => ({ code: 'value.changed', message });

/** The text, as JSON where it meets the schema; any other content as it is. */
async function unstructured(
  { name }: ToolOperationInfo,
  outputSchema: JsonMap,
  { result, read }: { readonly result: CallToolResult; readonly read: ToolOutput },
): Promise<ToolOutput> {
  const [only] = result.content;
  const text = result.content.length === 1 && only?.type === 'text' ? only.text : null;
  const isMet =
    (await checkValue(outputSchema, withNumbers(read.output, outputSchema), SERVER_SCHEMA)).kind === 'valid';
  const missing: StepWarning = {
    code: 'tool.no_structured_content',
    message: `'${name}' declares an output schema and answered without structured content: its ${text === null ? 'parts count' : isMet ? 'text counts' : 'text counts as it is'}`,
  };
  const { output, warnings } = text === null || isMet ? read : { output: text, warnings: [] };
  return { output, warnings: [missing, ...warnings] };
}

function failed(operation: ToolOperationInfo, data: Json): AppError {
  const text = typeof data === 'string' ? data : JSON.stringify(data);
  const shown = text.length > MAX_MESSAGE_CHARS ? `${text.slice(0, MAX_MESSAGE_CHARS)}…` : text;
  return new AppError('tool.failed', `MCP tool call failed: ${shown.toWellFormed()}`, {
    details: { operation: operation.name },
  });
}

function invalidReply({ name }: ToolOperationInfo, what: string): AppError {
  return new AppError('tool.invalid_reply', `The MCP server gave no valid answer to '${name}': ${what}.`, {
    hint: 'The tool may have done its work all the same. Look before you call it again.',
    retryable: false,
    details: { operation: name },
  });
}
