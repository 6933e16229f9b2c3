import { AppError } from '../../shared/errors.ts';
import type { LibraryItem } from '../projects/index.ts';
import type { ProjectSession } from './project-session.ts';

/** The workflow of the library whose triggers are meant, by id, name or path. Error: `workflow.not_found`. */
export async function ownerOf({ index }: ProjectSession, workflow: string): Promise<LibraryItem> {
  const items = await index.items();
  const item = items.find(({ id, ref, path, ownsId }) => ownsId && [id, ref, path].includes(workflow));
  if (item !== undefined) return item;
  throw new AppError('workflow.not_found', `Workflow not found: ${workflow}`, {
    hint: 'Triggers belong to workflows of the library: name one by its id.',
  });
}
