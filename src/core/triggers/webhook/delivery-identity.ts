import { isJsonMap, type Json } from '../../../shared/json.ts';
import { sha256Hex } from '../../crypto/index.ts';
import { headerOf, type RawHeaders } from './raw-headers.ts';
import { SCHEMES, type SignatureScheme } from './signature-schemes.ts';

/**
 * The sender's own id of a delivery, by which a second one is known; null = it gave none. Slack's stands in the body (`event_id`);
 * without it the signature over the timestamp tells one request from every other.
 */
export function deliveryIdOf(scheme: SignatureScheme, headers: RawHeaders, body: Json): string | null {
  const { idHeader, signatureHeader } = SCHEMES[scheme];
  if (idHeader !== null) return headerOf(headers, idHeader) || null;
  const inBody = isJsonMap(body) ? body.event_id : undefined;
  if (typeof inBody === 'string' && inBody !== '') return inBody;
  const signature = headerOf(headers, signatureHeader);
  return signature === null ? null : sha256Hex(signature).slice(0, 32);
}

/** What Slack wants to hear when it asks whether an address is ours (`url_verification`); null = it does not ask. */
export function slackChallenge(scheme: SignatureScheme, body: Json): string | null {
  if (scheme !== 'slack' || !isJsonMap(body) || body.type !== 'url_verification') return null;
  return typeof body.challenge === 'string' ? body.challenge : null;
}
