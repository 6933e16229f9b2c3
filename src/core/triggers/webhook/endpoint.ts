import type { Json, JsonMap } from '../../../shared/json.ts';
import type { ArmedTrigger } from '../ports.ts';
import { readEndpointPath } from './endpoint-path.ts';
import { plainName, resolveSecrets, type SecretSource } from './endpoint-secrets.ts';
import { DEFAULT_RATE_LIMIT, type RateLimit, readRateLimit } from './rate-limit.ts';
import { SCHEMES, type SignatureScheme } from './signature-schemes.ts';
import type { EndpointSecret } from './verify-signature.ts';

/** What a webhook trigger writes, read (SPEC §1.7, §7.3). */
export interface EndpointReading {
  /** With its first slash; as it is written where it cannot be a path. */
  readonly path: string;
  readonly methods: readonly string[];
  /** Patterns of event names; none = all. */
  readonly events: readonly string[];
  /** null = GitHub's where its header comes, else generic. */
  readonly scheme: SignatureScheme | null;
  /** None = whoever reaches the listener may start it (`insecure`), or there is a problem. */
  readonly secrets: readonly EndpointSecret[];
  readonly isInsecure: boolean;
  readonly limit: RateLimit;
  /** Why it cannot be served; null = it can. A sentence for operators. */
  readonly problem: string | null;
  readonly warnings: readonly string[];
}

/** An armed webhook as requests are held against it. */
export interface Endpoint extends EndpointReading {
  readonly trigger: ArmedTrigger;
}

/** Reads the config of a webhook trigger. */
export function readEndpoint(config: JsonMap, source: SecretSource): EndpointReading {
  const path = pathOf(config);
  const scheme = schemeOf(config.scheme);
  const limit = config.rate_limit === undefined ? DEFAULT_RATE_LIMIT : readRateLimit(config.rate_limit);
  const isInsecure = config.insecure === true;
  const secrets = resolveSecrets({ written: textsOf(config.secret), isInsecure, scheme }, source);
  const methods = textsOf(config.methods).map((method) => method.toUpperCase());
  return {
    path: writtenPath(config),
    methods: methods.length === 0 ? ['POST'] : methods,
    events: textsOf(config.events),
    scheme,
    secrets: secrets.secrets,
    isInsecure,
    limit: limit ?? DEFAULT_RATE_LIMIT,
    problem: 'problem' in path ? path.problem : limit === null ? BAD_LIMIT : secrets.problem,
    warnings: secrets.warnings,
  };
}

const pathOf = ({ path }: JsonMap): ReturnType<typeof readEndpointPath> =>
  readEndpointPath(typeof path === 'string' ? path.trim() : '');

/** The path of a webhook trigger, with its first slash; as it is written where it cannot be one. */
export function writtenPath(config: JsonMap): string {
  const path = pathOf(config);
  return 'path' in path ? path.path : String(config.path ?? '');
}

/** The names of stored secrets, or of variables, that a webhook trigger writes. */
export const secretNamesOf = ({ secret }: JsonMap): readonly string[] => textsOf(secret).flatMap(plainName);

const BAD_LIMIT = "'rate_limit' must be a number a minute, or a text such as 10/s or 600/min.";

const schemeOf = (written: Json | undefined): SignatureScheme | null =>
  typeof written === 'string' && Object.hasOwn(SCHEMES, written) ? (written as SignatureScheme) : null;

/** A text or a list of them. */
const textsOf = (written: Json | undefined): readonly string[] =>
  (Array.isArray(written) ? written : [written]).filter((one): one is string => typeof one === 'string' && one !== '');
