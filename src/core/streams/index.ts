/** What comes in pieces: bytes cut into lines, events and log lines, and what is kept of too much. */
export { ByteLines } from './byte-lines.ts';
export { decodeCutText, firstBytesOf, readFirstBytes, wholeLength } from './caps.ts';
export { EndKept } from './end-kept.ts';
export { createNdjsonReader, createSseReader, type EventLimit, type EventReader } from './event-readers.ts';
export { LiveLines } from './live-lines.ts';
export { createLineSplitter, MAX_LINE_CHARS } from './log-lines.ts';
export { readWhatIsThere } from './read-what-is-there.ts';
export { createEventRewriter, type EventRewriter } from './rewrite-events.ts';
