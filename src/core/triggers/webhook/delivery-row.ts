import type { JsonMap } from '../../../shared/json.ts';
import type { DeliveryRecord, DeliveryState } from '../../../shared/model/trigger.ts';
import type { NewDelivery } from '../../storage/index.ts';
import type { Judgement } from './judge-delivery.ts';
import { readBody } from './read-body.ts';
import { headersToShow, headersToStore } from './stored-headers.ts';
import type { WebhookRequest } from './webhook-request.ts';

/** How a delivery came, beside what it says. */
export interface DeliveryFacts {
  readonly id: string;
  readonly triggerKey: string;
  readonly path: string;
  readonly request: Pick<WebhookRequest, 'method' | 'headers' | 'sourceIp'>;
  readonly at: number;
  readonly body: Uint8Array;
  readonly bodyHash: string | null;
}

/** A row of the inbox. Only of what was refused signatures are kept, so that it can be checked again. */
export const newDelivery = (facts: DeliveryFacts, judged: Judgement, state: DeliveryState): NewDelivery => ({
  id: facts.id,
  kind: 'webhook',
  triggerKey: facts.triggerKey,
  endpoint: facts.path,
  externalId: judged.externalId,
  receivedAt: facts.at,
  sourceIp: facts.request.sourceIp,
  method: facts.request.method,
  event: judged.event,
  title: judged.title,
  state,
  reason: judged.reason,
  verdict: judged.verdict,
  headers: headersToStore(facts.request.headers, state === 'rejected'),
  body: facts.body.length === 0 ? null : facts.body,
  bodyHash: facts.bodyHash,
  data: {},
  chain: [],
  checks: judged.checks,
});

/**
 * What the run sees under `trigger` (SPEC §1.7). Of a webhook it is made of the row and its body, so that the body is stored once and goes
 * when it is no longer kept; null `payload` then. Names of headers are lower case.
 */
export function runDataOf(row: Omit<DeliveryRecord, 'runId' | 'bodyBytes'>, body: () => Uint8Array | null): JsonMap {
  if (row.kind !== 'webhook') return row.data;
  const bytes = body();
  const read = bytes === null ? null : readBody(row.method ?? 'POST', bytes);
  return {
    payload: read?.isJson === true ? read.value : null,
    event: row.event,
    delivery_id: row.externalId ?? row.id,
    path: row.endpoint,
    method: row.method,
    source_ip: row.sourceIp,
    received_at: new Date(row.receivedAt).toISOString(),
    headers: Object.fromEntries(headersToShow(row.headers).map(([name, value]) => [name.toLowerCase(), value])),
  };
}
