export { matchesSegments } from './match-segments.ts';
export { type PathGlob, readPathGlob } from './path-glob.ts';
