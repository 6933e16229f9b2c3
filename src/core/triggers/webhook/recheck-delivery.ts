import { AppError } from '../../../shared/errors.ts';
import type { JsonMap } from '../../../shared/json.ts';
import type { DeliveryCheck, DeliveryRecord } from '../../../shared/model/trigger.ts';
import { readEndpoint } from './endpoint.ts';
import type { SecretSource } from './endpoint-secrets.ts';
import { judgeDelivery } from './judge-delivery.ts';

/** What a refused delivery says once it may be believed. */
export interface Rechecked {
  readonly verdict: string;
  readonly event: string;
  readonly title: string;
  readonly checks: readonly DeliveryCheck[];
}

/**
 * Checks a refused webhook again, with the secrets as they are now and at the time at which it came: whoever mends a secret need not ask
 * the sender. Throws `delivery.unsigned` while nothing shows that the sender sent it.
 */
export function recheckDelivery(
  found: DeliveryRecord,
  body: Uint8Array | null,
  { config, source }: { readonly config: JsonMap; readonly source: SecretSource },
): Rechecked {
  if (body === null) throw refused('Its body was not kept, so that it cannot be checked again.');
  const endpoint = readEndpoint(config, source);
  if (endpoint.problem !== null) throw refused(endpoint.problem);
  const method = found.method ?? 'POST';
  const judged = judgeDelivery(endpoint, { method, headers: found.headers, body, at: found.receivedAt });
  if (judged.outcome === 'unsigned' || judged.outcome === 'no_json') throw refused(judged.reason ?? '');
  const { verdict, event, title, checks } = judged;
  return { verdict, event, title, checks };
}

const refused = (reason: string): AppError =>
  new AppError('delivery.unsigned', `This delivery was refused, and still is: ${reason}`, {
    hint: 'Mend the secret and play it again, or let the sender send it once more.',
  });
