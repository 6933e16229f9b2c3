import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import { AppError } from '../../../shared/errors.ts';

/** Why a way ended that we closed ourselves. */
export const STOPPED = 'it was stopped';

/** A way to a server that also says why it ended. */
export interface McpTransport extends Transport {
  /** null where the server is no process of ours. */
  readonly pid: number | null;
  /** Why the way is closed, `it ended with exit code 1`; null while it is open. */
  readonly endedBecause: string | null;
  /** Resolves when nothing of the server runs any more. */
  readonly gone: Promise<void>;
  /** Ends the server although it does not want to; `because` becomes the reason. */
  kill(because: string): void;
  /** What the server wrote to stderr last; empty where there is no stderr. */
  lastWords(): string;
}

/** The JSON-RPC error by which a transport gives a request its own failure. Only the same object counts: no server can write it. */
class OwnFailure {
  readonly error: AppError;
  constructor(error: AppError) {
    this.error = error;
  }
}

/** An answer to request `id` that makes it fail with `error`. */
export function failureReply(id: number | string, error: AppError): JSONRPCMessage {
  return { jsonrpc: '2.0', id, error: { code: -32_000, message: error.message, data: new OwnFailure(error) } };
}

/** Whether a message is such an answer. */
export const isFailureReply = (message: JSONRPCMessage): message is JSONRPCMessage & { readonly id: number | string } =>
  'error' in message && message.error.data instanceof OwnFailure;

/** The failure that a transport gave to a request, or null when the server itself answered with an error. */
export function ownFailureOf(thrown: unknown): AppError | null {
  const data = typeof thrown === 'object' && thrown !== null && 'data' in thrown ? thrown.data : null;
  return data instanceof OwnFailure ? data.error : null;
}

/** A message that is above the limit: the call that it answers fails, the server lives on. */
export function tooLarge(): AppError {
  return new AppError('tool.output_too_large', 'The MCP server answered with more than 10 MiB.', {
    hint: 'Ask for less at a time: most tools take a limit, a page or a range.',
  });
}

/** The request that a message calls off. */
export function cancelledRequest(message: JSONRPCMessage): number | string | null {
  if (!('method' in message) || message.method !== 'notifications/cancelled') return null;
  const id = message.params?.requestId;
  return typeof id === 'number' || typeof id === 'string' ? id : null;
}
