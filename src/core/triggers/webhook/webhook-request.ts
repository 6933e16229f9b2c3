import type { JsonMap } from '../../../shared/json.ts';
import type { RawHeaders } from './raw-headers.ts';

/** The largest body of a delivery (SPEC §7.3): 1 MiB. */
export const MAX_BODY_BYTES = 1024 * 1024;

/** A request as the listener got it. No door offers what takes it: only the listener of the same process does. */
export interface WebhookRequest {
  readonly method: string;
  /** The target as it was asked for, query included. */
  readonly target: string;
  readonly headers: RawHeaders;
  /** The bytes as they came over the wire; null = more than {@link MAX_BODY_BYTES}. */
  readonly body: Uint8Array | null;
  readonly sourceIp: string;
  /** Whether only this computer can reach the listener. */
  readonly isLoopback: boolean;
}

/** What the sender is told: status, and the body as JSON. */
export interface WebhookReply {
  readonly status: number;
  readonly body: JsonMap;
  /** 429: after how many seconds the sender may try again. */
  readonly retryAfterSeconds?: number;
}
