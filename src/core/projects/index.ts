export { type InstalledExample, installExample, listExamples } from './examples.ts';
export { type FindProjectOptions, type FoundProject, findProject } from './find-project.ts';
export { type InitOptions, type InitResult, initProject } from './init-project.ts';
export { createLibraryCache, type LibraryCache } from './library-cache.ts';
export { type LibraryItem, type ListLibraryOptions, listLibrary } from './list-library.ts';
export type { ProjectConfig, QueueSettings, ToolSettings } from './project-config.ts';
export {
  ensureStateDirs,
  type ProjectPaths,
  projectPaths,
  showPath,
  stateFolders,
  withConfiguredPaths,
} from './project-paths.ts';
export {
  defaultProjectConfig,
  type ReadConfig,
  type ReadConfigOptions,
  readProjectConfig,
} from './read-project-config.ts';
export { type ProjectEnv, readProjectEnv } from './read-project-env.ts';
export { type ResolveOptions, resolveWorkflow } from './resolve-workflow.ts';
export {
  ensureProjectId,
  forgetProject,
  projectUserDir,
  type RecentProject,
  readProjectId,
  recentProjects,
  rememberProject,
  userDataDir,
} from './user-data.ts';
export { writeAgentPrimary } from './write-agent-primary.ts';
