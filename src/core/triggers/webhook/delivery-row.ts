import type { JsonMap } from '../../../shared/json.ts';
import type { DeliveryState } from '../../../shared/model/trigger.ts';
import type { NewDelivery } from '../../storage/index.ts';
import type { Judgement } from './judge-delivery.ts';
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
  data: state === 'rejected' ? {} : dataOf(facts, judged),
  chain: [],
  checks: judged.checks,
});

/** What the run sees under `trigger` (SPEC §1.7). Names of headers are lower case. */
export const dataOf = ({ id, path, request, at }: DeliveryFacts, judged: Judgement): JsonMap => ({
  payload: judged.payload,
  event: judged.event,
  delivery_id: judged.externalId ?? id,
  path,
  method: request.method,
  source_ip: request.sourceIp,
  received_at: new Date(at).toISOString(),
  headers: Object.fromEntries(headersToShow(request.headers).map(([name, value]) => [name.toLowerCase(), value])),
});
