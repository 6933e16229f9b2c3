export { type InstalledExample, installExample, listExamples } from './examples.ts';
export { type FoundProject, findProject } from './find-project.ts';
export { initProject } from './init-project.ts';
export { createLibraryCache } from './library-cache.ts';
export { LibraryIndex } from './library-index.ts';
export { type LibraryItem, listLibrary } from './list-library.ts';
export type { ProjectConfig } from './project-config.ts';
export {
  ensureStateDirs,
  type ProjectPaths,
  projectPaths,
  showPath,
  stateFolders,
  withConfiguredPaths,
} from './project-paths.ts';
export { defaultProjectConfig, readProjectConfig } from './read-project-config.ts';
export { readProjectEnv } from './read-project-env.ts';
export { settingOf, settingsOf } from './read-settings.ts';
export { type ResolveOptions, resolveWorkflow } from './resolve-workflow.ts';
export {
  ensureProjectId,
  readProjectId,
  recentProjects,
  rememberProject,
  userDataDir,
} from './user-data.ts';

export { removeSchedule, writeSchedule } from './write-schedule.ts';
export { writeSettings } from './write-setting.ts';
