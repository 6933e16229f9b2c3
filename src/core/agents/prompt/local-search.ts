import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Json, JsonMap } from '../../../shared/json.ts';
import { insideOf, isReadablePath, readHead } from './read-files.ts';

/** One hit of `agent.search` (SPEC §4.1). */
export interface SearchHit {
  readonly title: string;
  /** `path#Lline` for files of the project. */
  readonly url: string;
  readonly excerpt: string;
  /** From 0 to 1, the best hit of a search has 1. */
  readonly score: number;
}

export interface SearchSource {
  readonly type: string;
  /** Folder or file below the roots; '' = all. */
  readonly path: string;
}

const MAX_FILES = 5_000;
const MAX_DEPTH = 20;
const MAX_FILE_BYTES = 1024 * 1024;
const MAX_HITS = 20;
const EXCERPT_LENGTH = 300;
const SKIPPED = new Set(['node_modules']);
/** Types that are searched here; every other needs a tool of that name. */
const LOCAL_TYPES = new Set(['file', 'files', 'repo']);

/** `sources` of the inputs: words, or maps with `type` and `path`. */
export function searchSources(sources: Json | undefined): readonly SearchSource[] {
  if (sources === undefined || sources === null) return [];
  const items: readonly Json[] = Array.isArray(sources) ? sources : [sources as Json];
  return items.flatMap((item): readonly SearchSource[] => {
    if (typeof item === 'string') return [{ type: item, path: '' }];
    if (item === null || typeof item !== 'object' || Array.isArray(item)) return [];
    const { type, path, name } = item as JsonMap;
    const kind = typeof type === 'string' ? type : typeof name === 'string' ? name : '';
    return [{ type: kind, path: typeof path === 'string' ? path : '' }];
  });
}

/** Whether a source is searched on this computer. */
export const isLocalSource = (source: SearchSource): boolean => LOCAL_TYPES.has(source.type);

/**
 * Looks for the words of a query in the text files of the local sources, best first, at most 20 hits. Hidden places (SPEC §4.1),
 * `node_modules` and links that leave their root are not looked at. Deterministic.
 */
export async function searchLocally(
  query: string,
  sources: readonly SearchSource[],
  roots: readonly string[],
): Promise<readonly SearchHit[]> {
  const words = queryWords(query);
  if (words.length === 0) return [];
  const seen = new Set<string>();
  const hits: SearchHit[] = [];
  for (const source of sources.filter(isLocalSource)) {
    for (const root of roots) {
      const paths = await filesBelow(root, source.path);
      if (paths.length === 0) continue;
      for (const path of paths) {
        if (seen.has(path)) continue;
        seen.add(path);
        const hit = await searchFile(root, path, words);
        if (hit !== null) hits.push(hit);
      }
      // A run works on its copy of the bundle: the first root that has the place is the one that is meant.
      if (source.path !== '') break;
    }
  }
  return ranked(hits);
}

function ranked(hits: readonly SearchHit[]): readonly SearchHit[] {
  const sorted = hits.toSorted((a, b) => b.score - a.score || (a.url < b.url ? -1 : 1)).slice(0, MAX_HITS);
  const best = sorted[0]?.score ?? 1;
  return sorted.map((hit) => ({ ...hit, score: Math.round((hit.score / best) * 1000) / 1000 }));
}

const queryWords = (query: string): readonly string[] => [
  ...new Set((query.toLowerCase().match(/[\p{L}\p{N}_]{2,}/gu) ?? []).filter((word) => !STOP_WORDS.has(word))),
];

const STOP_WORDS = new Set(
  'the a an and or of in on for to is are was were with what which how why who when where does do this that it'.split(
    ' ',
  ),
);

/** Text files at or below a place, sorted, relative to the root. */
async function filesBelow(root: string, path: string): Promise<readonly string[]> {
  const start = path === '' || path === '.' ? '' : await insideOf(root, path).catch(() => null);
  if (start === null || (start !== '' && !isReadablePath(start))) return [];
  const found: string[] = [];
  await walk({ root, found, depth: 0 }, start);
  return found.toSorted();
}

interface Walk {
  readonly root: string;
  readonly found: string[];
  readonly depth: number;
}

async function walk({ root, found, depth }: Walk, path: string): Promise<void> {
  const entries = await readdir(join(root, path), { withFileTypes: true }).catch(() => null);
  if (entries === null) {
    if (depth === 0 && path !== '') found.push(path);
    return;
  }
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const inner = path === '' ? entry.name : `${path}/${entry.name}`;
    if (found.length >= MAX_FILES || SKIPPED.has(entry.name) || !isReadablePath(inner)) continue;
    if (entry.isDirectory() && depth < MAX_DEPTH) await walk({ root, found, depth: depth + 1 }, inner);
    else if (entry.isFile()) found.push(inner);
  }
}

async function searchFile(root: string, path: string, words: readonly string[]): Promise<SearchHit | null> {
  const content = await readHead(root, path, MAX_FILE_BYTES);
  if (content === null || content.bytes.includes(0)) return null;
  const lines = new TextDecoder('utf-8').decode(content.bytes).split(/\r?\n/);
  const inName = countWords(path.toLowerCase(), words);
  let best = { at: -1, score: 0 };
  const matched = new Set<string>(inName.words);
  for (const [at, text] of lines.entries()) {
    const { count, words: there } = countWords(text.toLowerCase(), words);
    for (const word of there) matched.add(word);
    const score = there.length * 2 + Math.min(count, 10) / 10;
    if (score > best.score && there.length > 0) best = { at, score };
  }
  if (matched.size === 0) return null;
  const at = Math.max(0, best.at);
  const excerpt = lines
    .slice(at, at + 3)
    .join('\n')
    .trim()
    .slice(0, EXCERPT_LENGTH);
  const score = matched.size * 10 + best.score + inName.words.length * 3;
  return { title: path, url: `${path}#L${at + 1}`, excerpt, score };
}

function countWords(
  text: string,
  words: readonly string[],
): { readonly count: number; readonly words: readonly string[] } {
  let count = 0;
  const there = words.filter((word) => {
    const times = text.split(word).length - 1;
    count += times;
    return times > 0;
  });
  return { count, words: there };
}
