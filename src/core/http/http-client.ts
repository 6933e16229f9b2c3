/**
 * The one way out of this product over HTTP (SPEC §5.4 "SSRF policy"): http and https only, the address is resolved once, checked
 * and pinned; loopback, private, link-local and metadata ranges are refused unless `allowedHosts` names the host. Redirects are
 * followed by hand, each hop checked anew, and authentication never goes to another host.
 */
export interface HttpClient {
  /**
   * Resolves with any status. Rejects with `tool.address_refused`, `trust.not_declared`, `tool.connection_lost` (`details.phase` is `connect` when nothing
   * was sent, so that no effect began), `tool.timed_out`, `tool.invalid_params` (method or headers that cannot be sent),
   * `tool.http_error` (more redirects than `maxRedirects`), and the reason of the signal if that is an `AppError`, else
   * `run.cancelled`. While the body is read: `tool.output_too_large` and the same ones.
   */
  request(request: HttpRequest): Promise<HttpResponse>;
  /**
   * The same rules behind the `fetch` of the platform, for libraries that take one. No time limit but the caller's signal; an abort
   * rejects with the signal's reason. `maxBytes` counts for streams too: give `Infinity` for one that stays open.
   */
  fetchWith(rules: Pick<HttpRequest, 'allowedHosts' | 'maxBytes' | 'isConfined' | 'declaredHosts'>): typeof fetch;
  /** Ends every connection at once, also those with an answer on its way; later requests are refused. */
  close(): Promise<void>;
}

export interface HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | undefined;
  readonly signal: AbortSignal;
  /** Whole call, redirects and body included. */
  readonly timeoutMs: number;
  /** Of the body; above it the call ends with `tool.output_too_large`. Default 10 MiB. */
  readonly maxBytes?: number;
  /** Default 5; 0 = a redirect is an answer like any other. */
  readonly maxRedirects?: number;
  /** `host` or `host:port` that a person wrote down: they may be private. */
  readonly allowedHosts: readonly string[];
  /** Only `allowedHosts` may be asked, also after a redirect. Default false. */
  readonly isConfined?: boolean;
  /**
   * What whoever asks has said that he reaches (SPEC §6.7): any other host is `trust.not_declared`, also after a redirect. `allowedHosts`
   * count as said. Absent: he has said nothing.
   */
  readonly declaredHosts?: readonly string[] | undefined;
}

export interface HttpResponse {
  readonly status: number;
  /** When its head came, UTC ms: what dates in its headers are held against. */
  readonly receivedAt: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Where the answer came from after redirects. */
  readonly url: string;
  /** Read once: pieces as they come, for streams. An answer that nobody reads keeps its connection until the time is over. */
  readonly body: AsyncIterable<Uint8Array>;
  /** The whole body as text. */
  text(): Promise<string>;
}
