import type { Json, JsonMap } from '../../../shared/json.ts';

/**
 * What the host of an adapter is asked, one line of JSON-RPC on stdin. A process answers one request. Cancel is the signal that ends
 * it (SIGTERM): its stdin is closed by then.
 */
export interface HostRequest {
  readonly jsonrpc: '2.0';
  readonly id: string;
  readonly method: 'describe' | 'call';
  readonly params: { readonly adapter: string; readonly operation: string; readonly parameters: Json };
}

/** Codes of an error reply. */
export const HOST_ERRORS = {
  unknownOperation: -32601,
  invalidParams: -32602,
  /** The operation threw. */
  failed: -32000,
  /** The adapter could not be loaded. */
  load: -32001,
  /** The result cannot be written as JSON. */
  result: -32002,
} as const;

export interface HostError {
  readonly code: number;
  readonly message: string;
  readonly data: { readonly type: string };
}

/** An operation as a host found it; `parameters` is a JSON Schema, null where the adapter says nothing. */
export interface HostOperation {
  readonly name: string;
  readonly description: string;
  readonly parameters: JsonMap | null;
  readonly readOnly: boolean;
  readonly idempotent: boolean;
}

/** The result of `describe`. `schema` is what a JavaScript adapter exports under this name, as written. */
export interface HostDescription {
  readonly operations: readonly HostOperation[];
  readonly schema: Json;
}

/**
 * How an answer begins. Whatever else stands on stdout was printed by the adapter; the id is not known to anybody else, so a printed
 * line is no answer.
 */
export const replyStart = (id: string): string => `{"jsonrpc":"2.0","id":${JSON.stringify(id)},`;
