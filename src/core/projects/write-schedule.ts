import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../shared/errors.ts';
import type { JsonMap } from '../../shared/json.ts';
import { errnoOf, toFileError, writeFileAtomic } from '../files/index.ts';
import { readTriggerFile } from '../workflow/index.ts';
import { removeYamlItem, setYamlItem } from '../yaml/index.ts';
import { type ProjectPaths, showPath } from './project-paths.ts';

const LIST = 'schedules';

/**
 * Writes an item of `.aiworkflow/triggers/schedules.yaml`, by its id; comments and everything else stay. What cannot be understood is not
 * written. Errors: `schedule.invalid` with the first problem of the item
 * (`details.key`: its key), `config.invalid`, `file.*`.
 */
export async function writeSchedule(paths: ProjectPaths, item: JsonMap & { readonly id: string }): Promise<void> {
  const file = join(paths.triggersDir, 'schedules.yaml');
  const text = setYamlItem(await readOrEmpty(paths, file), { list: LIST, id: item.id }, item);
  const { triggers, itemProblems } = readTriggerFile(text, { file: showPath(paths, file), type: 'schedule' });
  const found = itemProblems.find(({ id }) => id === item.id);
  if (found !== undefined || !triggers.some(({ definition }) => definition.config.id === item.id))
    throw new AppError('schedule.invalid', `${found?.problem.message ?? 'The schedule cannot be understood'}.`, {
      hint: found?.problem.fix ?? 'Write for example 0 9 * * MON-FRI.',
      ...(found?.key == null ? {} : { details: { key: found.key } }),
    });
  await mkdir(paths.triggersDir, { recursive: true });
  await writeFileAtomic(file, text);
}

/** Removes it; false when the file has none of this id. Errors: `config.invalid`, `file.*`. */
export async function removeSchedule(paths: ProjectPaths, id: string): Promise<boolean> {
  const file = join(paths.triggersDir, 'schedules.yaml');
  const text = removeYamlItem(await readOrEmpty(paths, file), { list: LIST, id });
  if (text === null) return false;
  await writeFileAtomic(file, text);
  return true;
}

async function readOrEmpty(paths: ProjectPaths, path: string): Promise<string> {
  return readFile(path, 'utf8').catch((thrown: unknown) => {
    if (errnoOf(thrown) === 'ENOENT') return '';
    throw toFileError(thrown, showPath(paths, path));
  });
}
