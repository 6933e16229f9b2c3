import { readFile, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { parseEnv } from 'node:util';
import { AppError } from '../../shared/errors.ts';
import { errnoOf } from '../files/index.ts';
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

/** Reads a `.env` file; one that is not there is empty. `file.io` names one that cannot be read. */
export async function readEnvFile(path: string): Promise<EnvMap> {
  try {
    const found = await stat(path);
    if (!found.isFile()) throw unreadable(path, 'it is no file');
    if (found.size > SMALL_FILE_BYTES) throw unreadable(path, `it is larger than ${SMALL_FILE_BYTES / 1024} KiB`);
    return readEnvText(await readFile(path, 'utf8'));
  } catch (thrown) {
    if (errnoOf(thrown) === 'ENOENT' || errnoOf(thrown) === 'ENOTDIR') return {};
    throw thrown instanceof AppError ? thrown : unreadable(path, `the system says ${errnoOf(thrown) ?? 'no'}`, thrown);
  }
}

const unreadable = (path: string, why: string, cause?: unknown): AppError =>
  new AppError('file.io', `The variables in ${basename(dirname(path))}/.env cannot be read: ${why}.`, {
    hint: 'Mend the file, or remove it.',
    cause,
  });

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
