import { REDACTED } from '../../redaction/index.ts';
import type { RawHeaders } from './raw-headers.ts';
import { SCHEMES } from './signature-schemes.ts';

/** What may open a door elsewhere: logins, cookies, keys. */
const SECRET_HEADER = /auth|cookie|token|secret|passw|api-?key|credential/i;
const SIGNATURES: ReadonlySet<string> = new Set([
  'x-hub-signature',
  ...Object.values(SCHEMES).map(({ signatureHeader }) => signatureHeader.toLowerCase()),
]);

/**
 * Headers as they are stored with a delivery: values of logins, cookies and keys are hidden. Signatures are kept while they may have to
 * be checked again, that is of a delivery that was refused, and hidden otherwise.
 */
export const headersToStore = (headers: RawHeaders, keepSignatures: boolean): RawHeaders =>
  headers.map(([name, value]) => [name, isHidden(name, keepSignatures) ? REDACTED : value]);

/** The same as they are shown: no signature at all. */
export const headersToShow = (headers: RawHeaders): RawHeaders => headersToStore(headers, false);

const isHidden = (name: string, keepSignatures: boolean): boolean =>
  SIGNATURES.has(name.toLowerCase()) ? !keepSignatures : SECRET_HEADER.test(name);
