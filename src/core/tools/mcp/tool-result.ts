import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import { AppError } from '../../../shared/errors.ts';
import { depthOfText, isDeeperThan, type Json, MAX_JSON_DEPTH } from '../../../shared/json.ts';
import type { ToolOperationInfo } from '../../../shared/model/tool.ts';
import { checkValue, problemLine, SERVER_SCHEMA } from '../../json-schema/index.ts';

/** What of a failed call stands in its error. */
const MAX_MESSAGE_CHARS = 16 * 1024;

/**
 * SPEC §5.3: `structuredContent` wins, else a single text part (read as JSON where it is JSON), else the parts. `tool.failed`
 * for a result that is an error, `tool.invalid_reply` for one that is not what the server declared.
 */
export async function toOutput(operation: ToolOperationInfo, result: CallToolResult): Promise<Json> {
  if (isDeeperThan(result, MAX_JSON_DEPTH)) throw invalidReply(operation, 'its answer is nested too deep');
  const output = readOutput(result);
  if (result.isError === true) throw failed(operation, output);
  if (operation.outputSchema === null) return output;
  if (result.structuredContent === undefined)
    throw invalidReply(operation, 'it declares an output schema and answers without structured content');
  const verdict = await checkValue(operation.outputSchema, output, SERVER_SCHEMA);
  if (verdict.kind === 'invalid')
    throw invalidReply(operation, `its answer does not meet its own schema: ${problemLine(verdict.problems[0], 'it')}`);
  if (verdict.kind === 'unusable')
    throw invalidReply(operation, `its output schema cannot be used: ${verdict.problem}`);
  return output;
}

function readOutput({ structuredContent, content }: CallToolResult): Json {
  if (structuredContent !== undefined) return structuredContent as Json;
  const [only] = content;
  if (content.length === 1 && only?.type === 'text') return readText(only.text);
  return content as unknown as Json;
}

function readText(text: string): Json {
  if (depthOfText(text.trim()) > MAX_JSON_DEPTH) return text;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
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
