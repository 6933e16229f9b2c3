import { isJsonMap, type Json } from '../../../shared/json.ts';
import type { DeliveryCheck } from '../../../shared/model/trigger.ts';
import { deliveryIdOf, slackChallenge } from './delivery-identity.ts';
import type { EndpointReading } from './endpoint.ts';
import { eventNamesOf, isWanted } from './event-names.ts';
import { hasHeader, type RawHeaders } from './raw-headers.ts';
import { readBody } from './read-body.ts';
import { schemeOf } from './signature-schemes.ts';
import { type SignatureVerdict, verifySignature } from './verify-signature.ts';

/** What came, without how it came. */
export interface CameIn {
  readonly method: string;
  readonly headers: RawHeaders;
  readonly body: Uint8Array;
  /** UTC ms; timestamps are held against it. */
  readonly at: number;
}

/** What the bytes and headers of a delivery say. Nothing of it depends on what came before. */
export interface Judgement {
  readonly outcome: 'start' | 'challenge' | 'ignored' | 'unsigned' | 'no_json';
  /** `valid`, `none` (nothing signs it, and nothing has to), `stale` or `invalid`. */
  readonly verdict: 'valid' | 'none' | 'stale' | 'invalid';
  /** Why it starts nothing; null = it does. A sentence for operators. */
  readonly reason: string | null;
  readonly checks: readonly DeliveryCheck[];
  /** By the sender's own word; null = it gave none. */
  readonly externalId: string | null;
  /** The most exact name; empty = none. */
  readonly event: string;
  readonly title: string;
  readonly payload: Json;
  /** What Slack wants to hear. */
  readonly challenge: string | null;
}

const NOTHING = { externalId: null, event: '', title: '', payload: null, challenge: null } as const;

/** Holds a delivery against its endpoint: signature over the raw bytes, then JSON, then the event filter (SPEC §7.3). */
export function judgeDelivery(endpoint: EndpointReading, came: CameIn): Judgement {
  const signature = checkSignature(endpoint, came);
  const { check, verdict } = signature;
  if (!check.isPassed) {
    const externalId = deliveryIdOf(schemeOf(endpoint.scheme, came.headers), came.headers, null);
    return { ...NOTHING, externalId, outcome: 'unsigned', verdict, reason: check.detail, checks: [check] };
  }
  const body = readBody(came.method, came.body);
  if (!body.isJson) {
    const json: DeliveryCheck = { name: 'json', isPassed: false, detail: 'The body is not JSON.' };
    return { ...NOTHING, outcome: 'no_json', verdict, reason: json.detail, checks: [check, json] };
  }
  const scheme = schemeOf(endpoint.scheme, came.headers);
  const names = eventNamesOf(came.headers, body.value);
  const read = {
    verdict,
    externalId: deliveryIdOf(scheme, came.headers, body.value),
    event: names[0] ?? '',
    title: titleOf(body.value),
    payload: body.value,
  };
  const challenge = slackChallenge(scheme, body.value);
  if (challenge !== null) return { ...read, challenge, outcome: 'challenge', reason: ASKED_BY_SLACK, checks: [check] };
  const event = checkEvent(endpoint, names);
  return {
    ...read,
    challenge,
    outcome: event.isPassed ? 'start' : 'ignored',
    reason: event.isPassed ? null : event.detail,
    checks: [check, event],
  };
}

const ASKED_BY_SLACK = 'Slack asked whether this address is ours; it was answered.';

/** Whether the delivery may be believed; `detail` names scheme and secret, or what is wrong. */
function checkSignature(
  { secrets, scheme }: EndpointReading,
  { headers, body, at }: CameIn,
): { readonly check: DeliveryCheck; readonly verdict: Judgement['verdict'] } {
  if (secrets.length === 0) return checkUnsigned(headers);
  const verdict = verifySignature({ headers, body, scheme, secrets, nowAt: at });
  return {
    check: { name: 'signature', isPassed: verdict.isValid, detail: textOfVerdict(verdict) },
    verdict: verdict.isValid ? 'valid' : verdict.problem === 'stale' ? 'stale' : 'invalid',
  };
}

const textOfVerdict = (verdict: SignatureVerdict): string =>
  verdict.isValid ? `${verdict.scheme}, secret ${verdict.secret}` : verdict.message;

/** Headers that browsers add by themselves, that pages cannot leave out, and that no program's library adds. */
const FROM_A_PAGE = ['Origin', 'Sec-Fetch-Site'];

/** Where nothing signs, any page in a browser of this computer could send what it likes: what comes from one is not taken. */
function checkUnsigned(headers: RawHeaders): ReturnType<typeof checkSignature> {
  const isFromPage = FROM_A_PAGE.some((name) => hasHeader(headers, name));
  const detail = isFromPage
    ? 'A web page sent this and nothing signs it: an insecure webhook takes only what programs send.'
    : 'not signed: the webhook is insecure';
  return { check: { name: 'signature', isPassed: !isFromPage, detail }, verdict: isFromPage ? 'invalid' : 'none' };
}

function checkEvent({ events }: EndpointReading, names: readonly string[]): DeliveryCheck {
  const isPassed = isWanted(events, names);
  const shown = names[0] ?? 'an event without a name';
  if (events.length === 0) return { name: 'event', isPassed, detail: 'every event is wanted' };
  return {
    name: 'event',
    isPassed,
    detail: isPassed ? `on the list of ${events.length}` : `The event is not on the list: ${shown}.`,
  };
}

const TITLE_CHARS = 120;

/** A few words that tell deliveries of one event apart: GitHub's number and title, else a name. */
function titleOf(payload: Json): string {
  if (!isJsonMap(payload)) return '';
  const inner = [payload.pull_request, payload.issue, payload.data, payload].filter((one) => isJsonMap(one ?? null));
  for (const one of inner) {
    if (!isJsonMap(one)) continue;
    const number = typeof one.number === 'number' ? `#${one.number}` : '';
    const text = [one.title, one.summary, one.name, one.subject].find((found) => typeof found === 'string') ?? '';
    if (number !== '' || text !== '') return `${number} ${String(text)}`.trim().slice(0, TITLE_CHARS);
  }
  return '';
}
