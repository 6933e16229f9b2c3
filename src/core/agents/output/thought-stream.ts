import type { ConversationItem } from '../../../shared/model/agent.ts';

type Piece = Extract<ConversationItem, { kind: 'text' | 'thinking' }>;

/** Tells thoughts from the answer while the text still comes, for the live view; `withoutThoughts` decides about the answer itself. */
export interface ThoughtStream {
  push(text: string): readonly Piece[];
  /** Nothing more comes: what was held back as the beginning of a tag is a text. */
  end(): readonly Piece[];
}

const TAG = /<(\/?)think(?:ing)?>/i;
/** What may become a tag when more of it comes. */
const HALF_TAG = /<\/?[a-z]{0,8}$/i;
const TAG_STARTS = ['<think>', '<thinking>', '</think>', '</thinking>'];

/** Parts thoughts in tags from what is said, as it comes. */
export function createThoughtStream(): ThoughtStream {
  let held = '';
  let depth = 0;
  /** What the text has on its line so far; a thought begins a line. */
  let line = '';
  const say = (pieces: Piece[], text: string): void => {
    if (text === '') return;
    pieces.push({ kind: depth > 0 ? 'thinking' : 'text', text });
    line = text.includes('\n') ? text.slice(text.lastIndexOf('\n') + 1) : line + text.slice(0, 80);
  };
  const take = (text: string, isLast: boolean): readonly Piece[] => {
    const pieces: Piece[] = [];
    let rest = held + text;
    held = '';
    for (let found = TAG.exec(rest); found !== null; found = TAG.exec(rest)) {
      const isClosing = found[1] === '/';
      say(pieces, rest.slice(0, found.index));
      if (isClosing ? depth > 0 : depth > 0 || line.trim() === '') depth += isClosing ? -1 : 1;
      else say(pieces, found[0]);
      rest = rest.slice(found.index + found[0].length);
      if (isClosing && depth === 0) line = '';
    }
    const half = isLast ? '' : (HALF_TAG.exec(rest)?.[0] ?? '');
    const isBeginning = half !== '' && TAG_STARTS.some((one) => one.startsWith(half.toLowerCase()));
    if (isBeginning) held = half;
    say(pieces, isBeginning ? rest.slice(0, -half.length) : rest);
    return pieces;
  };
  return { push: (text) => take(text, false), end: () => take('', true) };
}
