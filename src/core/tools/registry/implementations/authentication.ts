import { AppError } from '../../../../shared/errors.ts';
import type { ToolDetail } from '../../../../shared/model/tool.ts';
import type { ToolAuth } from '../../registry-port.ts';
import type { RegistryAuthentication } from '../file/registry-entry.ts';

type HostEnv = Readonly<Record<string, string | undefined>>;

const NO_AUTH: ToolAuth = { type: 'none', token: null, header: null, query: null, scopes: [] };

/** Reads a secret of the store for a tool. Errors: `secret.*`. */
export type ReadToolSecret = (tool: string, name: string) => Promise<string>;

interface Login {
  readonly tool: string;
  readonly authentication: RegistryAuthentication | null;
  readonly hostEnv: HostEnv;
  /** Told every value before it is used, so that no log or journal repeats it. */
  readonly onSecret: (value: string) => void;
  readonly readSecret: ReadToolSecret | null;
}

/** What logs in, read now (SPEC §5.1). `tool.not_configured` when the registry names a secret that is not there. */
export async function readAuth({ tool, authentication, hostEnv, onSecret, readSecret }: Login): Promise<ToolAuth> {
  if (authentication === null || authentication.type === 'none') return NO_AUTH;
  const { type, tokenEnv, secret, header, query, scopes } = authentication;
  // The store goes before the environment: it says who may use what.
  const kept = secret === null || readSecret === null ? undefined : await readSecret(tool, secret);
  const token = kept ?? (tokenEnv === null ? undefined : hostEnv[tokenEnv]);
  if (token === undefined || token === '') throw notConfigured(tool, authentication);
  onSecret(token);
  // A basic login is `user:password`; whoever hears one of them has too much.
  const colon = token.indexOf(':');
  if (type === 'basic' && colon >= 0) onSecret(token.slice(colon + 1));
  return { type, token, header, query, scopes };
}

/** The variable of `token_env`, or of the secret's own name, for a child process that logs in by itself; empty where the registry names none. */
export async function loginVariables(login: Login): Promise<Readonly<Record<string, string>>> {
  const name = login.authentication?.tokenEnv ?? login.authentication?.secret ?? null;
  if (name === null || login.authentication?.type === 'none') return {};
  const { token } = await readAuth(login);
  return token === null ? {} : { [name]: token };
}

/** How a tool logs in, for people. */
export function describeAuth(
  authentication: RegistryAuthentication | null,
  hostEnv: HostEnv,
): ToolDetail['authentication'] {
  if (authentication === null || authentication.type === 'none') return null;
  const { type, tokenEnv, secret, provider } = authentication;
  const from =
    tokenEnv !== null ? `environment variable ${tokenEnv}` : secret !== null ? `secret ${secret}` : 'nowhere';
  const isSet = tokenEnv !== null && (hostEnv[tokenEnv] ?? '') !== '';
  return { type, from: provider === null ? from : `${from} (${provider})`, isSet };
}

function notConfigured(tool: string, { tokenEnv, secret }: RegistryAuthentication): AppError {
  if (tokenEnv !== null)
    return new AppError('tool.not_configured', `The tool '${tool}' logs in with ${tokenEnv}, which is not set.`, {
      hint: `Set ${tokenEnv} in the environment in which the app is started.`,
      details: { tool, missing: [tokenEnv] },
    });
  const message =
    secret === null
      ? `The tool '${tool}' must log in, but its registry entry names nothing to log in with.`
      : `The tool '${tool}' logs in with the secret ${secret}, and this project keeps no secrets.`;
  return new AppError('tool.not_configured', message, {
    hint: "Name a stored secret with 'authentication.secret' in the registry, or a variable of the environment with 'token_env'.",
    details: { tool, missing: secret === null ? [] : [secret] },
  });
}
