/**
 * The one way out over HTTP (SPEC §5.4 "SSRF policy"): every address is checked before a connection goes to it, and nothing of the
 * HTTP library gets any further.
 */
export { createHttpClient } from './create-http-client.ts';
export { type HostProxy, openHostProxy } from './host-proxy.ts';
export type { HttpClient, HttpRequest, HttpResponse } from './http-client.ts';
export { serviceSentence } from './service-sentence.ts';
