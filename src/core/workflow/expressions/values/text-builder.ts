import { charge, checkTextLength, type Meter } from '../runtime/limits.ts';

/**
 * A text that grows in pieces. Its length is checked and its bytes are charged as it grows, and pieces are put together now and
 * then, so that a million of them cost no more than their text.
 */
export interface TextBuilder {
  readonly meter: Meter;
  readonly chunks: string[];
  readonly pieces: string[];
  length: number;
}

const PIECES_PER_CHUNK = 1024;
/** What one piece costs besides its characters. */
const PIECE_BYTES = 24;

/** Begins a text whose length is counted while it grows. */
export function startText(meter: Meter): TextBuilder {
  return { meter, chunks: [], pieces: [], length: 0 };
}

/** Adds a piece. Throws `template.limit` when the text is too long. */
export function addText(made: TextBuilder, piece: string): void {
  made.length += piece.length;
  if (made.length > made.meter.limits.outputLength) checkTextLength(made.meter, made.length);
  charge(made.meter, piece.length * 2 + PIECE_BYTES);
  made.pieces.push(piece);
  if (made.pieces.length < PIECES_PER_CHUNK) return;
  made.chunks.push(made.pieces.join(''));
  made.pieces.length = 0;
}

/** The text that was built. */
export function endText(made: TextBuilder): string {
  const rest = made.pieces.join('');
  return made.chunks.length === 0 ? rest : made.chunks.join('') + rest;
}

const UNITS_PER_PIECE = 8192;

/** Changes a text piece by piece; for changes that look at one character at a time. No pair of surrogates is torn apart. */
export function changePieces(text: string, change: (piece: string) => string, meter: Meter): string {
  const made = startText(meter);
  for (let from = 0; from < text.length; ) {
    const to = endOfPiece(text, from + UNITS_PER_PIECE);
    addText(made, change(text.slice(from, to)));
    from = to;
  }
  return endText(made);
}

/** `at`, or one less where a pair of surrogates would be torn apart. */
function endOfPiece(text: string, at: number): number {
  if (at >= text.length) return text.length;
  const unit = text.charCodeAt(at);
  return unit >= 0xdc00 && unit <= 0xdfff ? at - 1 : at;
}

/** A text from its last character to its first. */
export function reverseText(text: string, meter: Meter): string {
  const made = startText(meter);
  for (let to = text.length; to > 0; ) {
    const from = to <= UNITS_PER_PIECE ? 0 : endOfPiece(text, to - UNITS_PER_PIECE);
    addText(made, Array.from(text.slice(from, to)).reverse().join(''));
    to = from;
  }
  return endText(made);
}
