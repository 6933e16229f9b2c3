import { AppError } from '../../../shared/errors.ts';
import type { JsonMap } from '../../../shared/json.ts';
import { parseDuration } from '../../../shared/parse-duration.ts';
import type { HttpClient, HttpRequest } from '../../http/index.ts';
import { requireDeclaredKey } from '../declared-keys.ts';
import { mapIn, textIn } from './json-reading.ts';
import type { Provider } from './provider.ts';

/** What an agent over HTTP is made of. */
export interface HttpAgentOptions {
  /** Default: the provider's own name. */
  readonly name?: string;
  /**
   * `agent.configs.<name>` as written (SPEC §4.1): `api_base_url`, `api_key` (the name of an environment variable), `model`, `timeout`,
   * `max_tokens`, `extra`, and the provider's own options beside them.
   */
  readonly config: JsonMap;
  readonly http: HttpClient;
  /** The environment of this process; keys are read when they are used and never kept. */
  readonly hostEnv: Readonly<Record<string, string | undefined>>;
  /** Hears each key that is about to be used: whatever comes back must not repeat it, whatever its name and length. */
  readonly onKey?: (key: string) => void;
}

export interface HttpAgentSettings {
  readonly name: string;
  readonly model: string;
  readonly timeoutMs: number;
  readonly maxTokens: number | null;
  /** Options for the request's body: `extra` first, then what stands beside the keys of the agent itself. */
  readonly options: JsonMap;
}

const DEFAULT_TIMEOUT_MS = 120_000;

const OWN_KEYS: ReadonlySet<string> = new Set([
  'api_base_url',
  'api_key',
  'extra',
  'max_retries',
  'max_tokens',
  'model',
  'name',
  'provider',
  'timeout',
  'version',
]);

/** The settings of an agent that is reached over HTTP. */
export function readSettings(provider: Provider, options: HttpAgentOptions): HttpAgentSettings {
  const { config } = options;
  const written = config.timeout;
  const timeout = typeof written === 'string' || typeof written === 'number' ? parseDuration(written) : null;
  const beside = Object.entries(config).filter(([key, value]) => !OWN_KEYS.has(key) && value !== null);
  return {
    name: options.name ?? provider.provider,
    model: textIn(config.model) || (envOf(options, provider.names.model) ?? provider.defaultModel),
    // A time that cannot be read is reported where the configuration is read.
    timeoutMs: timeout?.problem === undefined && timeout?.ms ? timeout.ms : DEFAULT_TIMEOUT_MS,
    maxTokens: typeof config.max_tokens === 'number' && config.max_tokens > 0 ? Math.floor(config.max_tokens) : null,
    options: { ...mapIn(config.extra), ...Object.fromEntries(beside) },
  };
}

/** A place that paths of the provider are joined to, and whether a person named it. */
export interface BaseUrl {
  readonly url: URL;
  readonly isDefault: boolean;
}

/** The base URL that a person wrote, in the configuration or the environment, else the provider's. Error: `agent.not_configured`. */
export function readBaseUrl(provider: Provider, options: HttpAgentOptions): BaseUrl {
  const written = textIn(options.config.api_base_url) || envOf(options, provider.names.baseUrl) || '';
  const text = provider.normaliseBase(written === '' ? provider.defaultBaseUrl : written.trim());
  const url = URL.parse(text);
  if (url !== null && (url.protocol === 'http:' || url.protocol === 'https:')) {
    return { url, isDefault: url.host === new URL(provider.defaultBaseUrl).host };
  }
  throw new AppError(
    'agent.not_configured',
    `The base URL of '${options.name ?? provider.provider}' is not a web address.`,
    {
      hint: `Write api_base_url like ${provider.defaultBaseUrl}.`,
    },
  );
}

/** A path of the provider below its base; what the base has behind `?` stays. */
export function urlBelow({ url }: BaseUrl, path: string): string {
  const joined = new URL(url);
  joined.pathname = `${url.pathname.replace(/\/+$/, '')}${path}`;
  return joined.href;
}

/** `host:port` as the HTTP client's `allowedHosts` wants it. */
export const hostOf = ({ url }: BaseUrl): string =>
  `${url.hostname}:${url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port}`;

/** An agent is reached at the host of its base URL and nowhere else, whatever port it redirects to. */
export const onlyTo = (host: string): Pick<HttpRequest, 'allowedHosts' | 'declaredHosts'> => ({
  allowedHosts: [host],
  declaredHosts: [host.replace(/:\d+$/, '')],
});

/** The key from the environment; null = none is set and none is needed. Errors: `agent.not_logged_in`, `agent.not_configured`. */
export function readKey(provider: Provider, options: HttpAgentOptions, base: BaseUrl): string | null {
  const agent = options.name ?? provider.provider;
  const named = textIn(options.config.api_key);
  if (named !== '') requireDeclaredKey(agent, named, options.hostEnv);
  const names = named === '' ? provider.names.keys : [named];
  const key = names.map((name) => envOf(options, name)?.trim()).find((value) => value !== undefined);
  if (key !== undefined) {
    options.onKey?.(key);
    return key;
  }
  if (named === '' && !(provider.needsKey && base.isDefault)) return null;
  throw new AppError('agent.not_logged_in', `'${agent}' has no key: ${names.join(' or ')} is not set.`, {
    hint: 'Set it in the environment or in a .env file. api_key in the configuration is the name of a variable, never the key.',
  });
}

function envOf({ hostEnv }: HttpAgentOptions, name: string): string | undefined {
  const value = Object.hasOwn(hostEnv, name) ? hostEnv[name] : undefined;
  return value === undefined || value.trim() === '' ? undefined : value;
}
