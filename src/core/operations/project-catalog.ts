import { type ToolCatalog, toolMadeOf } from '../tools/index.ts';
import type { ProjectSession } from './project-session.ts';

/** The project's own tools as they are now, with what their files say of their operations. */
export async function projectCatalog({ tools, paths }: Pick<ProjectSession, 'tools' | 'paths'>): Promise<ToolCatalog> {
  await tools.problems();
  const { project: projectPath, registryFile } = paths;
  return { ...tools.catalog(), madeOf: (name) => toolMadeOf({ projectPath, registryFile }, name) };
}
