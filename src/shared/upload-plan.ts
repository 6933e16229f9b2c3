/** A stretch of one file in one call. */
export interface UploadPiece {
  readonly fileIndex: number;
  readonly offset: number;
  readonly length: number;
}

const MAX_PIECE_BYTES = 4_000_000;
const MAX_FILES_PER_CALL = 400;

/** Cuts files into calls of at most 4 MB: large ones in stretches, small ones many to a call. Empty files count too. */
export function planUpload(sizes: readonly number[], maxBytes = MAX_PIECE_BYTES): readonly (readonly UploadPiece[])[] {
  const calls: UploadPiece[][] = [];
  let current: UploadPiece[] = [];
  let used = 0;
  const close = (): void => {
    if (current.length > 0) calls.push(current);
    current = [];
    used = 0;
  };
  for (const [fileIndex, size] of sizes.entries()) {
    let offset = 0;
    do {
      const length = Math.min(size - offset, maxBytes);
      if (used + length > maxBytes || current.length >= MAX_FILES_PER_CALL) close();
      current.push({ fileIndex, offset, length });
      used += length;
      offset += length;
    } while (offset < size);
  }
  close();
  return calls;
}

/** What a system or a version control puts into folders and nobody means to import. */
const UNWANTED = new Set(['.git', '.hg', '.svn', '.DS_Store', 'Thumbs.db', '__pycache__', 'node_modules', '.venv']);

/** Whether a file of a folder is meant when the folder is imported, by its path in it. */
export const isWanted = (path: string): boolean => !path.split('/').some((part) => UNWANTED.has(part));

/** The name of an archive or file without its ending. */
export const nameOfFile = (path: string): string =>
  (path.split('/').pop() ?? path).replace(/\.(awb|zip|md|markdown)$/i, '');
