export { type AppFolders, findAppFolders } from './hosting/app-folders.ts';
export { openAppWindow } from './open-window.ts';
export { osUserName } from './os-user.ts';
export { type BrowserHost, linkFromHolder, startBrowserHost } from './serve.ts';
export { connectToHolder, type HolderClient } from './socket-door/holder-client.ts';
