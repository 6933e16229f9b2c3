/** A piece of a file that is handed out over a door; the one without a cursor is the last. */
export interface OutgoingPiece {
  readonly name: string;
  readonly mimeType: string;
  /** Of the whole file. */
  readonly sizeBytes: number;
  readonly base64: string;
  readonly cursor: string | null;
}
