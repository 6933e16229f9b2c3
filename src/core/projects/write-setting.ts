import { readFile } from 'node:fs/promises';
import { AppError } from '../../shared/errors.ts';
import { errnoOf, toFileError, writeFileAtomic } from '../files/index.ts';
import { openSettings, scalarText, setYamlText } from '../yaml/index.ts';
import { type ProjectPaths, showPath } from './project-paths.ts';
import { variableOf } from './read-project-config.ts';

/**
 * Writes one setting into aiworkflow.yaml; everything else of the file stays as it is, a missing file is made. Errors:
 * `config.invalid` (the file cannot be read, or a variable or aiworkflow.local.yaml says otherwise on this machine, so that nothing would
 * change), `file.*`.
 */
export async function writeSetting(
  paths: ProjectPaths,
  { key, value, env }: { readonly key: readonly [string, string]; readonly value: string | number; readonly env: Env },
): Promise<void> {
  const local = await readOrEmpty(paths, paths.localConfigFile);
  const { root } = openSettings([{ file: 'aiworkflow.local.yaml', text: local }], { code: 'config.invalid' });
  const written = root.section(key[0]).get(key[1])?.node;
  const name = variableOf(key);
  const [place, said] =
    (env[name] ?? '') === ''
      ? ['aiworkflow.local.yaml', written === undefined ? undefined : scalarText(written)]
      : [name, env[name]];
  if (said !== undefined && said !== String(value)) {
    throw new AppError('config.invalid', `${place} sets ${key.join('.')} to ${said} on this machine.`, {
      hint: 'Change it there, or remove it there first.',
    });
  }
  const text = await readOrEmpty(paths, paths.configFile);
  await writeFileAtomic(paths.configFile, setYamlText(text, key, value));
}

type Env = Readonly<Record<string, string | undefined>>;

async function readOrEmpty(paths: ProjectPaths, path: string): Promise<string> {
  return readFile(path, 'utf8').catch((thrown: unknown) => {
    if (errnoOf(thrown) === 'ENOENT') return '';
    throw toFileError(thrown, showPath(paths, path));
  });
}
