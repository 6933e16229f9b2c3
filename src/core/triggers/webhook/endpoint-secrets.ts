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

/** Where the names of secrets are looked up, for the workflow that the webhook starts. */
export interface SecretSource {
  /** A variable of the environment of the project. */
  readonly variable: (name: string) => string | undefined;
  /** A stored secret, or why its value cannot be had; undefined = none is stored under this name. */
  readonly stored: (name: string) => string | { readonly problem: string } | undefined;
}

/**
 * Finds the values of written secrets (SPEC §7.3). A name is that of a stored secret, else of a variable; what looks like no name is the
 * secret itself, which anybody who reads the file knows. No secret at all is only right for an endpoint that is written to be insecure.
 */
export function resolveSecrets(
  { written, isInsecure, scheme }: { written: readonly string[]; isInsecure: boolean; scheme: SignatureScheme | null },
  source: SecretSource,
): ResolvedSecrets {
  if (written.length === 0) return { secrets: [], problem: isInsecure ? null : NO_SECRET, warnings: [] };
  const secrets: EndpointSecret[] = [];
  const warnings: string[] = [];
  for (const text of written) {
    const [, variable, plain] = NAMED.exec(text) ?? [];
    const name = variable ?? plain;
    const stored = plain === undefined ? undefined : source.stored(plain);
    if (typeof stored === 'object') return { secrets: [], problem: stored.problem, warnings };
    const value = name === undefined ? text : (stored ?? source.variable(name));
    if (value === undefined || value === '')
      return { secrets: [], problem: plain === undefined ? noVariable(name ?? '') : notSet(plain), warnings };
    const label = name ?? 'written in the file';
    if (name === undefined) warnings.push(LITERAL);
    if (scheme !== null && SCHEMES[scheme].key(value) === null)
      return { secrets: [], problem: unusable(label, scheme), warnings };
    secrets.push({ name: label, value });
  }
  return { secrets, problem: null, warnings };
}

/** The text where it is the name of a secret; none where it names a variable, or is the secret itself. */
export const plainName = (text: string): readonly string[] => NAMED.exec(text)?.slice(2).filter(Boolean) ?? [];

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
  "The secret itself stands in the file, where everybody who reads it sees it. Store it with 'aiworkflow secrets set NAME' and write 'secret: NAME'.";
const noVariable = (name: string): string =>
  `The secret ${name} is not set. Set the environment variable ${name}, for example in the file .env of the project, then open the project again.`;
const notSet = (name: string): string =>
  `The secret ${name} is not set. Store it with 'aiworkflow secrets set ${name}', or set the environment variable ${name}, for example in the file .env of the project, and open the project again.`;
const unusable = (label: string, scheme: SignatureScheme): string =>
  `The secret ${label} cannot be used with the scheme '${scheme}': it must be base64 text behind whsec_.`;
