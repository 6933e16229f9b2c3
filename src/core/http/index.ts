/**
 * The one way out over HTTP (SPEC §5.4 "SSRF policy"): every address is checked before a connection goes to it, and nothing of the
 * HTTP library gets any further.
 */
export { type AddressKind, classifyAddress } from './classify-address.ts';
export { createHttpClient, type HttpPorts } from './create-http-client.ts';
export type { HttpClient, HttpRequest, HttpResponse } from './http-client.ts';
export { parseAddress } from './ip-address.ts';
export type { Lookup } from './resolve-target.ts';
export { serviceSentence } from './service-sentence.ts';
