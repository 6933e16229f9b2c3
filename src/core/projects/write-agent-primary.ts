import { readFile } from 'node:fs/promises';
import { AppError } from '../../shared/errors.ts';
import { errnoOf, toFileError, writeFileAtomic } from '../files/index.ts';
import { openSettings, setYamlText } from '../yaml/index.ts';
import { type ProjectPaths, showPath } from './project-paths.ts';

/**
 * Writes `agent.primary` into aiworkflow.yaml; everything else of the file stays as it is, a missing file is made. Errors:
 * `config.invalid` (the file cannot be read, or aiworkflow.local.yaml names another agent, so that nothing would change), `file.*`.
 */
export async function writeAgentPrimary(paths: ProjectPaths, name: string): Promise<void> {
  const local = await readOrEmpty(paths, paths.localConfigFile);
  const { root } = openSettings([{ file: 'aiworkflow.local.yaml', text: local }], { code: 'config.invalid' });
  const overridden = root.section('agent').text('primary');
  if (overridden !== undefined && overridden !== name) {
    throw new AppError('config.invalid', `aiworkflow.local.yaml sets agent.primary to ${overridden} on this machine.`, {
      hint: 'Change it there, or remove it there first.',
    });
  }
  const text = await readOrEmpty(paths, paths.configFile);
  await writeFileAtomic(paths.configFile, setYamlText(text, ['agent', 'primary'], name));
}

async function readOrEmpty(paths: ProjectPaths, path: string): Promise<string> {
  return readFile(path, 'utf8').catch((thrown: unknown) => {
    if (errnoOf(thrown) === 'ENOENT') return '';
    throw toFileError(thrown, showPath(paths, path));
  });
}
