import type { Json, JsonMap } from '../../../shared/json.ts';
import { REDACTED } from '../../redaction/index.ts';
import { SCHEMES, type SignatureScheme } from './signature-schemes.ts';
import type { EndpointSecret } from './verify-signature.ts';

/** The secrets of an endpoint as they are written: names, `env:NAME` or, with a warning, the values themselves. */
export interface ResolvedSecrets {
  readonly secrets: readonly EndpointSecret[];
  /** Why the endpoint cannot be armed; null = it can. A sentence for operators. */
  readonly problem: string | null;
  readonly warnings: readonly string[];
}

const NAMED = /^(?:env:([A-Za-z_]\w*)|([A-Z][A-Z0-9_]*))$/;

/**
 * Finds the values of written secrets (SPEC §7.3). A name is looked up in the environment of the project; what looks like no name is the
 * secret itself, which anybody who reads the file knows. No secret at all is only right for an endpoint that is written to be insecure.
 */
export function resolveSecrets(
  { written, isInsecure, scheme }: { written: readonly string[]; isInsecure: boolean; scheme: SignatureScheme | null },
  env: Readonly<Record<string, string | undefined>>,
): ResolvedSecrets {
  if (written.length === 0) return { secrets: [], problem: isInsecure ? null : NO_SECRET, warnings: [] };
  const secrets: EndpointSecret[] = [];
  const warnings: string[] = [];
  for (const text of written) {
    const named = NAMED.exec(text);
    const name = named?.[1] ?? named?.[2];
    const value = name === undefined ? text : env[name];
    if (value === undefined || value === '') return { secrets: [], problem: notSet(name ?? ''), warnings };
    const label = name ?? 'written in the file';
    if (name === undefined) warnings.push(LITERAL);
    if (scheme !== null && SCHEMES[scheme].key(value) === null)
      return { secrets: [], problem: unusable(label, scheme), warnings };
    secrets.push({ name: label, value });
  }
  return { secrets, problem: null, warnings };
}

/** A config as it is shown: a secret that stands in the file is hidden. */
export function hideSecret(config: JsonMap): JsonMap {
  const { secret } = config;
  if (secret === undefined) return config;
  const hide = (one: Json): Json => (typeof one === 'string' && NAMED.test(one) ? one : REDACTED);
  return { ...config, secret: Array.isArray(secret) ? secret.map(hide) : hide(secret) };
}

const NO_SECRET =
  "No secret is written, so anybody could start this workflow. Write 'secret: NAME', or 'insecure: true' if that is meant.";
const LITERAL =
  "The secret itself stands in the file, where everybody who reads it sees it. Put it into an environment variable and write 'secret: env:NAME'.";
const notSet = (name: string): string =>
  `The secret ${name} is not set. Set the environment variable ${name}, for example in the file .env of the project, then open the project again.`;
const unusable = (label: string, scheme: SignatureScheme): string =>
  `The secret ${label} cannot be used with the scheme '${scheme}': it must be base64 text behind whsec_.`;
