/** Recordings of what a run asked and was answered (SPEC §3.9): made from its events, read back with every part held against its hash. */
export { cleanFields } from './clean.ts';
export { type CassetteSource, cassetteText, makeCassette } from './make-cassette.ts';
export { readCassette } from './read-cassette.ts';
