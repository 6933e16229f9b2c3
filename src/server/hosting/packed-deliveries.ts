import type { WebhookRequest } from '../../core/triggers/index.ts';
import type { Numbered } from './worker-messages.ts';

/**
 * Webhooks of one turn on their way between threads: one text and one buffer for all of them. Each object and each buffer of a message
 * costs more than the bytes that it holds.
 */
export interface PackedDeliveries {
  readonly heads: string;
  readonly bodies: ArrayBuffer;
}

/** A request without its body, of which only the length is told; null = it was too large. */
interface Head extends Omit<WebhookRequest, 'body'> {
  readonly id: number;
  readonly bytes: number | null;
}

/** What goes over the border; the bodies are copies that nothing else belongs to. */
export function packDeliveries(requests: readonly Numbered<WebhookRequest>[]): PackedDeliveries {
  const bodies = new Uint8Array(requests.reduce((sum, { value }) => sum + (value.body?.byteLength ?? 0), 0));
  const heads: Head[] = [];
  let at = 0;
  for (const { id, value } of requests) {
    const { body, ...head } = value;
    heads.push({ ...head, id, bytes: body?.byteLength ?? null });
    if (body === null) continue;
    bodies.set(body, at);
    at += body.byteLength;
  }
  return { heads: JSON.stringify(heads), bodies: bodies.buffer };
}

/** The requests that were packed, each with the part of the buffer that is its body. */
export function unpackDeliveries({ heads, bodies }: PackedDeliveries): readonly Numbered<WebhookRequest>[] {
  let at = 0;
  return (JSON.parse(heads) as Head[]).map(({ id, bytes, ...head }) => {
    const body = bytes === null ? null : new Uint8Array(bodies, at, bytes);
    at += bytes ?? 0;
    return { id, value: { ...head, body } };
  });
}
