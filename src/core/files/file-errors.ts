import { AppError } from '../../shared/errors.ts';

/** The `errno` word of a system error (`ENOENT`), or an empty text. */
export function errnoOf(thrown: unknown): string {
  if (typeof thrown !== 'object' || thrown === null || !('code' in thrown)) return '';
  return typeof thrown.code === 'string' ? thrown.code : '';
}

const DISK_FULL = new Set(['ENOSPC', 'EDQUOT']);
const MISSING = new Set(['ENOENT', 'ENOTDIR']);
const TOO_MANY = new Set(['EMFILE', 'ENFILE']);
const NO_RIGHT = new Set(['EACCES', 'EPERM', 'EROFS']);

/** Whether a folder could not be made because a file has its name, or the name of one above it. */
function isFileInTheWay(thrown: unknown): boolean {
  const isMaking = typeof thrown === 'object' && thrown !== null && 'syscall' in thrown && thrown.syscall === 'mkdir';
  return isMaking && ['EEXIST', 'ENOTDIR'].includes(errnoOf(thrown));
}

/** A thrown system error as `file.not_found`, `file.outside` (a link where none may be), `file.disk_full` or `file.io`, with what to do. */
export function toFileError(thrown: unknown, path: string): AppError {
  if (thrown instanceof AppError) return thrown;
  const errno = errnoOf(thrown);
  if (isFileInTheWay(thrown)) {
    const hint = 'Move the file away, then try again.';
    return new AppError('file.io', `A file stands where a folder is needed: ${path}`, { hint, cause: thrown });
  }
  if (MISSING.has(errno)) return new AppError('file.not_found', `File not found: ${path}`, { cause: thrown });
  if (errno === 'ELOOP') return new AppError('file.outside', `The path is a link: ${path}`, { cause: thrown });
  if (DISK_FULL.has(errno)) {
    return new AppError('file.disk_full', `The disk is full: ${path}`, { hint: 'Free some space.', cause: thrown });
  }
  if (TOO_MANY.has(errno)) {
    const hint = 'Close other programs, or raise the limit of open files (ulimit -n), then try again.';
    return new AppError('file.io', `Too many files are open: ${path}`, { hint, cause: thrown });
  }
  const hint = NO_RIGHT.has(errno)
    ? { hint: 'Check who may write there, and whether the disk is mounted read-only.' }
    : {};
  return new AppError('file.io', `Cannot read or write ${path} (${errno || 'unknown error'})`, {
    ...hint,
    cause: thrown,
  });
}
