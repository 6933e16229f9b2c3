import { AppError } from '../../shared/errors.ts';
import { ARCHIVE_LIMITS } from './bundle-limits.ts';

const RESERVED_STEM = /^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9\u00b9\u00b2\u00b3])$/i;
// Control characters, what Windows forbids in names, and characters that hide or turn text around.
const BAD_CHARACTER =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
  /[\u0000-\u001f\u007f-\u009f<>:"|?*\\\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffd]/;
const MAX_SEGMENT_BYTES = 255;
/** The second name that Windows gives a long one: what it stands for depends on the folder, so it can be `.git` or `.env` as well. */
const SHORT_NAME = /^[^.~]{1,7}~[0-9]{1,6}(?:\.[^.]{0,3})?$/;
/** Never brought in, under exactly these names; any other spelling of them is somebody's disguise. */
const LEFT_OUT = new Set(['.git', '.env']);
/** `.env.local`, `.envrc` and the like hold keys, or are run by a shell that enters the folder. Samples hold none. */
const ENV_FILE = /^\.env(?!\.(?:example|sample|template|dist)$)(?:$|[^a-z]|rc$)/;

function refuse(path: string, reason: string): AppError {
  const shown = JSON.stringify(path.length > 120 ? `${path.slice(0, 120)}…` : path);
  return new AppError('bundle.archive_refused', `Refused: ${shown} ${reason}`, {
    hint: 'A bundle holds plain files with relative names that every system can store.',
  });
}

function problemOf(segment: string): string | null {
  if (segment === '') return 'has an empty part';
  if (segment === '.' || segment === '..') return 'leaves its folder';
  if (BAD_CHARACTER.test(segment)) return 'has a character that is not allowed in names';
  if (!segment.isWellFormed()) return 'is not valid text';
  if (/[. ]$/.test(segment) || segment.startsWith(' '))
    return 'has a name that begins with a blank or ends with a dot or blank';
  if (SHORT_NAME.test(segment)) return 'has a short name of Windows, which may stand for any other';
  const folded = fold(segment);
  if (!LEFT_OUT.has(segment) && (folded === '.git' || folded.startsWith('.git:'))) return 'is another spelling of .git';
  if (!LEFT_OUT.has(segment) && ENV_FILE.test(folded)) return 'may hold keys or be run by a shell (.env and its kin)';
  // Windows reads `NUL .txt` and `NUL.tar.gz` as the device.
  if (RESERVED_STEM.test((segment.split('.')[0] ?? '').trimEnd())) return 'has a name that Windows reserves';
  return Buffer.byteLength(segment) > MAX_SEGMENT_BYTES ? 'has a name that is too long' : null;
}

/**
 * A path inside an archive or upload, checked and in NFC (SPEC §6.6): relative, `/` separated, no `..`, nothing that
 * Windows, macOS or Linux would store as something else. Error: `bundle.archive_refused`.
 */
export function checkInnerPath(path: string): string {
  if (path.length > ARCHIVE_LIMITS.pathChars) throw refuse(path, 'is too long');
  if (path.startsWith('/') || /^[A-Za-z]:/.test(path) || path.startsWith('\\'))
    throw refuse(path, 'is an absolute path');
  const normal = path.normalize('NFC');
  const segments = normal.split('/');
  if (segments.length > ARCHIVE_LIMITS.depth) throw refuse(path, 'is nested too deeply');
  for (const segment of segments) {
    const problem = problemOf(segment);
    if (problem !== null) throw refuse(path, problem);
  }
  return normal;
}

function fold(path: string): string {
  return path.normalize('NFKC').toUpperCase().toLowerCase().normalize('NFC');
}

/** The names of one tree, so that no two of them meet on a system that ignores case. */
export interface NameLedger {
  /** Adds a checked file path; the same path twice is one file only where `again` says so. Error: `bundle.archive_refused`. */
  readonly add: (path: string, again?: 'refuse' | 'allow') => void;
  readonly size: () => number;
}

/** An empty ledger. */
export function createNameLedger(): NameLedger {
  const files = new Map<string, string>();
  const folders = new Map<string, string>();
  const addFolders = (path: string): void => {
    const segments = path.split('/');
    for (let count = 1; count < segments.length; count++) {
      const folder = segments.slice(0, count).join('/');
      const key = fold(folder);
      const known = folders.get(key);
      if (files.has(key)) throw refuse(path, 'lies below a file');
      if (known !== undefined && known !== folder)
        throw refuse(path, `differs from ${JSON.stringify(known)} only by case`);
      folders.set(key, folder);
    }
  };
  const add = (path: string, again: 'refuse' | 'allow' = 'refuse'): void => {
    const key = fold(path);
    const known = files.get(key);
    if (folders.has(key)) throw refuse(path, 'is a file and a folder');
    if (known !== undefined && known !== path) throw refuse(path, `differs from ${JSON.stringify(known)} only by case`);
    if (known !== undefined && again === 'refuse') throw refuse(path, 'stands there twice');
    addFolders(path);
    files.set(key, path);
  };
  return { add, size: () => files.size };
}
