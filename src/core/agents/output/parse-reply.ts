import { type Json, type JsonNotice, type ReadJson, readShallowJson } from '../../../shared/json.ts';

/** A JSON value that stands in a reply. */
export interface FoundJson {
  readonly value: Json;
  readonly from: 'whole' | 'fence' | 'text';
  /** What of it had to be read otherwise than it was written (SPEC §3.3). */
  readonly notices: readonly JsonNotice[];
}

/** Larger replies are looked at as a whole or in a fence only. */
const MAX_SCANNED = 1_000_000;

/** SPEC §4.2: the whole reply, else one fenced block, else the first balanced JSON value. Null = there is none. */
export function findJson(reply: string): FoundJson | null {
  const whole = parse(reply.trim());
  if (whole !== null) return { ...whole, from: 'whole' };
  for (const block of fencedBlocks(reply)) {
    const found = parse(block.trim());
    if (found !== null) return { ...found, from: 'fence' };
  }
  const found = reply.length > MAX_SCANNED ? null : firstBalanced(reply);
  return found === null ? null : { ...found, from: 'text' };
}

/** The output of a step without a schema: a reply that is a JSON map or list as a whole is parsed, all else is text. */
export function parseFreeReply(reply: string): ReadJson {
  const text = reply.trim();
  const [only, ...others] = fencedBlocks(text);
  const isOnlyFence = only !== undefined && others.length === 0 && /^(`{3,}|~{3,})(json)?\s*\n[\s\S]*\n\1$/i.test(text);
  const found = parse(isOnlyFence ? only.trim() : text);
  return found !== null && found.value !== null && typeof found.value === 'object'
    ? found
    : { value: reply, notices: [] };
}

/** What is nested deeper than readers go breaks whoever stores or checks it: it is taken for a text. */
const parse = (text: string): ReadJson | null => (text === '' ? null : readShallowJson(text));

/** The contents of fences, in order; one that is not closed reaches to the end. */
function fencedBlocks(text: string): readonly string[] {
  const blocks: string[] = [];
  let open: { readonly marks: string; readonly lines: string[] } | null = null;
  for (const line of text.split(/\r?\n/)) {
    const marks = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1];
    if (open === null) {
      if (marks !== undefined) open = { marks, lines: [] };
    } else if (marks !== undefined && closes(line, marks, open.marks)) {
      blocks.push(open.lines.join('\n'));
      open = null;
    } else open.lines.push(line);
  }
  return open === null ? blocks : [...blocks, open.lines.join('\n')];
}

const closes = (line: string, marks: string, opening: string): boolean =>
  marks[0] === opening[0] && marks.length >= opening.length && line.trim() === marks;

/** The first map or list of a text that is valid JSON. Linear: a place that does not parse is left behind as a whole. */
function firstBalanced(text: string): ReadJson | null {
  let tries = 0;
  for (let at = nextOpening(text, 0); at !== -1 && tries < 200; tries += 1) {
    const end = balancedEnd(text, at);
    const found = end === -1 ? null : parse(text.slice(at, end));
    if (found !== null) return found;
    at = nextOpening(text, at + 1);
  }
  return null;
}

function nextOpening(text: string, from: number): number {
  for (let at = from; at < text.length; at += 1) if (text[at] === '{' || text[at] === '[') return at;
  return -1;
}

/** The end of the value that opens at `start`, outside of texts; -1 = it is not closed. */
function balancedEnd(text: string, start: number): number {
  const stack: string[] = [];
  for (let at = start; at < text.length; at += 1) {
    const char = text[at];
    if (char === '"') {
      at = stringEnd(text, at);
      if (at === -1) return -1;
    } else if (char === '{' || char === '[') stack.push(char === '{' ? '}' : ']');
    else if (char === '}' || char === ']') {
      if (stack.pop() !== char) return -1;
      if (stack.length === 0) return at + 1;
    }
  }
  return -1;
}

function stringEnd(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '"') return at;
  }
  return -1;
}
