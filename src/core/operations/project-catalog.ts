import type { ToolCatalog } from '../tools/index.ts';
import type { ProjectSession } from './project-session.ts';

/** The project's own tools as they are now, with what their files say of their operations. */
export async function projectCatalog({ tools }: Pick<ProjectSession, 'tools'>): Promise<ToolCatalog> {
  await tools.problems();
  return tools.catalog();
}
