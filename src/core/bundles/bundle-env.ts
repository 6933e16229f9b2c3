import { readFile, stat } from 'node:fs/promises';
import { parseEnv } from 'node:util';
import { SMALL_FILE_BYTES } from './bundle-limits.ts';

type EnvMap = Readonly<Record<string, string>>;
type HostEnv = Readonly<Record<string, string | undefined>>;

const ENV_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const REFERENCE = /\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g;

/** Reads `.env` text (`KEY=value`, quotes, `export`, comments); names that are no variable names are dropped. */
export function readEnvText(text: string): EnvMap {
  const entries = Object.entries(parseEnv(text.replace(/^\uFEFF/, '')));
  return Object.fromEntries(
    entries.flatMap(([name, value]) => (ENV_NAME.test(name) && value !== undefined ? [[name, value]] : [])),
  );
}

/** Reads a `.env` file; a missing, unreadable or too large one is empty. */
export async function readEnvFile(path: string): Promise<EnvMap> {
  const found = await stat(path).catch(() => null);
  if (found === null || !found.isFile() || found.size > SMALL_FILE_BYTES) return {};
  return readEnvText(await readFile(path, 'utf8').catch(() => ''));
}

/** The names that config values ask for with `${NAME}` or `${NAME:-default}`. */
function referencesIn(text: string): readonly string[] {
  return [...text.matchAll(REFERENCE)].flatMap((match) => (match[1] === undefined ? [] : [match[1]]));
}

/**
 * The environment that the children of a run get from the bundle (SPEC §6.2): bundle `.env` over allowed process
 * environment over config `env`. Allowed are the names that config `env` declares as keys (unless its value builds on
 * the variable itself, as in `PATH: "./bin:${PATH}"`). `${NAME}` takes `.env`, then the process, then its default, else
 * nothing; substituted text is not scanned again. The process environment is only read.
 */
export function resolveBundleEnv(configEnv: EnvMap, bundleEnv: EnvMap, host: HostEnv): EnvMap {
  const look = (name: string): string | undefined => (Object.hasOwn(bundleEnv, name) ? bundleEnv[name] : host[name]);
  const resolved = Object.entries(configEnv).map(([name, text]): [string, string] => {
    const allowed = referencesIn(text).includes(name) ? undefined : host[name];
    const expanded = text.replace(REFERENCE, (_match, key: string, fallback?: string) => {
      const value = look(key);
      return value !== undefined && (value !== '' || fallback === undefined) ? value : (fallback ?? '');
    });
    return [name, allowed ?? expanded];
  });
  return { ...Object.fromEntries(resolved), ...bundleEnv };
}
