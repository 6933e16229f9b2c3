export { AppLog, type AppLogLevel, appLog } from './app-log.ts';
export { logFiles } from './rotating-file.ts';
export { scrub } from './scrub.ts';
