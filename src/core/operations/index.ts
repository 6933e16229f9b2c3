export { appHandlers } from './app-operations.ts';
export { allowOsUser, dispatch } from './dispatcher.ts';
export { countLibrary, runDoctor } from './doctor.ts';
export { LiveHub } from './live-hub.ts';
export { ProjectSession } from './project-session.ts';
export { runHandlers } from './run-operations.ts';
export { readerHandlers, workflowHandlers } from './workflow-operations.ts';
