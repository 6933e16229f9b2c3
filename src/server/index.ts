export { findAppFolders } from './hosting/app-folders.ts';
export { connectToHolder, type HolderClient } from './socket-door/holder-client.ts';
