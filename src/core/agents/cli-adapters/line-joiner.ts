import { MAX_LINE_CHARS } from '../../streams/index.ts';

/** A piece can be one unit shorter so that a letter stays whole. */
const FULL_PIECE = MAX_LINE_CHARS - 1;
/** No event is longer; what is, is dropped from the live view (the answer is read from the record of the process). */
const MAX_JOINED_CHARS = 8 * 1024 * 1024;

/** Puts the pieces of long lines together again: JSON lines of agents may hold whole files. */
export function joinLines(onLine: (line: string) => void, isWhole: (text: string) => boolean): (piece: string) => void {
  let held = '';
  let isDropping = false;
  return (piece) => {
    const line = held + piece;
    // A full piece may be the end of its line; only what ends like an event is worth a look.
    const isCut = piece.length >= FULL_PIECE && !(piece.endsWith('}') && isWhole(line));
    if (isCut) {
      isDropping ||= line.length > MAX_JOINED_CHARS;
      held = isDropping ? ' ' : line;
      return;
    }
    if (!isDropping) onLine(line);
    held = '';
    isDropping = false;
  };
}
