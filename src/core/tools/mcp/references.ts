import { existsSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { AppError } from '../../../shared/errors.ts';

const REFERENCE = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;

type Texts = Readonly<Record<string, string>>;

/** Names of host variables that stand as `${NAME}` in the values, each once, in their order. */
export function listReferences(values: Texts): readonly string[] {
  const names = Object.values(values).flatMap((value) => [...value.matchAll(REFERENCE)].map(([, name]) => name ?? ''));
  return [...new Set(names)];
}

/** The values with the host's variables in place: secret from here on. `tool.not_configured` names all that are missing. */
export function resolveReferences(
  tool: string,
  values: Texts,
  hostEnv: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const missing = listReferences(values).filter((name) => hostEnv[name] === undefined);
  if (missing.length > 0) {
    throw new AppError('tool.not_configured', `The MCP tool '${tool}' needs ${missing.join(', ')}, which is not set.`, {
      hint: `Set ${missing.length === 1 ? 'this variable' : 'these variables'} in the environment in which the app is started.`,
      details: { missing },
    });
  }
  const fill = (value: string): string => value.replace(REFERENCE, (_, name: string) => hostEnv[name] ?? '');
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, fill(value)]));
}

/** Variables of the host that say where or how a process works; every child gets most of them anyway. */
const NO_KEY =
  /^(?:PATH|HOME|LANG|LC_\w+|TZ|TMPDIR|TEMP|TMP|USER|LOGNAME|SHELL|PWD|HOSTNAME|USERPROFILE|APPDATA|LOCALAPPDATA)$/i;
const KEY_NAME = /KEY|TOKEN|SECRET|PASSW|CREDENTIAL|AUTH/i;

/** The values of host variables that stand as `${NAME}` in the texts, whatever their names: keys, unless they are places. */
export function keysIn(values: Texts, hostEnv: Readonly<Record<string, string | undefined>>): readonly string[] {
  return listReferences(values).flatMap((name) => {
    const value = hostEnv[name] ?? '';
    return NO_KEY.test(name) || isPlace(value) ? [] : [value];
  });
}

/** The values whose name says that they are keys. */
export const namedKeys = (values: Texts): readonly string[] =>
  Object.entries(values).flatMap(([name, value]) => (KEY_NAME.test(name) ? [value] : []));

/** A folder or file that is there, or an address without a login: hiding it would tear up every answer. */
function isPlace(value: string): boolean {
  if (isAbsolute(value)) return existsSync(value);
  return /^https?:\/\/[^/@?]+(?:\/[^@?]*)?$/i.test(value);
}
