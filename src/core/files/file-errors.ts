import { AppError } from '../../shared/errors.ts';

/** The `errno` word of a system error (`ENOENT`), or an empty text. */
export function errnoOf(thrown: unknown): string {
  if (typeof thrown !== 'object' || thrown === null || !('code' in thrown)) return '';
  return typeof thrown.code === 'string' ? thrown.code : '';
}

const DISK_FULL = new Set(['ENOSPC', 'EDQUOT']);
const MISSING = new Set(['ENOENT', 'ENOTDIR']);

/** A thrown system error as `file.not_found`, `file.outside` (a link where none may be), `file.disk_full` or `file.io`. */
export function toFileError(thrown: unknown, path: string): AppError {
  if (thrown instanceof AppError) return thrown;
  const errno = errnoOf(thrown);
  if (MISSING.has(errno)) return new AppError('file.not_found', `File not found: ${path}`, { cause: thrown });
  if (errno === 'ELOOP') return new AppError('file.outside', `The path is a link: ${path}`, { cause: thrown });
  if (DISK_FULL.has(errno)) {
    return new AppError('file.disk_full', `The disk is full: ${path}`, { hint: 'Free some space.', cause: thrown });
  }
  return new AppError('file.io', `Cannot read or write ${path} (${errno || 'unknown error'})`, { cause: thrown });
}
