export { errnoOf, toFileError } from './file-errors.ts';
export { isInside, openInside, resolveInside } from './paths.ts';
export { syncFolder } from './sync-folder.ts';
export { refuseSystemFolder } from './system-folder.ts';
export { writeFileAtomic } from './write-file-atomic.ts';
