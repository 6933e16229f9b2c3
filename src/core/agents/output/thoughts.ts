import { readShallowJson } from '../../../shared/json.ts';

const TAG = /<(\/?)think(?:ing)?>/gi;

interface Tag {
  readonly at: number;
  readonly end: number;
  readonly isClosing: boolean;
  /** Place of the tag that closes this one, or -1. */
  match: number;
}

/**
 * The text without its thoughts: reasoning models behind plain servers write them into it, between `<think>` and `</think>`, and they
 * are conversation, never part of the answer (SPEC §4.2). A thought ends where its tags balance; one that begins a line and does not
 * balance ends at the last closing tag, else it reaches to the end. What stands before a closing tag that nothing opened is a thought,
 * too: servers put the opening one into the prompt. Code, and an answer that is JSON as a whole, hold no thoughts.
 */
export function withoutThoughts(text: string): string {
  const at = endOfLeadingThoughts(text);
  const rest = text.slice(at);
  const tags = isWholeJson(rest) ? [] : matched(outsideCode(tagsOf(rest), rest));
  if (tags.length === 0) return at === 0 ? text : rest.trim();
  return withoutTagged(rest, tags);
}

/** Thoughts before the answer go first: what follows them may be JSON that holds such words in its texts. */
function endOfLeadingThoughts(text: string): number {
  const tags = matched(tagsOf(text));
  const lastClosing = tags.findLastIndex(({ isClosing }) => isClosing);
  let at = 0;
  for (let index = 0; index < tags.length; ) {
    const tag = tags[index] as Tag;
    if (tag.isClosing || text.slice(at, tag.at).trim() !== '') break;
    const close = tag.match === -1 ? lastClosing : tag.match;
    if (close < index) return text.length;
    at = (tags[close] as Tag).end;
    index = close + 1;
  }
  return at;
}

function withoutTagged(text: string, tags: readonly Tag[]): string {
  const lastClosing = tags.findLastIndex(({ isClosing }) => isClosing);
  let kept: string[] = [];
  let at = 0;
  for (let index = 0; index < tags.length; index += 1) {
    const tag = tags[index] as Tag;
    if (tag.isClosing) {
      kept = [];
      at = tag.end;
    } else if (tag.match !== -1 || beginsLine(text, tag.at)) {
      kept.push(text.slice(at, tag.at));
      const close = tag.match === -1 ? lastClosing : tag.match;
      at = close < index ? text.length : (tags[close] as Tag).end;
      index = close < index ? tags.length : close;
    }
  }
  return [...kept, text.slice(at)].join('').trim();
}

function isWholeJson(text: string): boolean {
  const trimmed = text.trim();
  return /^[[{"]/.test(trimmed) && readShallowJson(trimmed) !== null;
}

const beginsLine = (text: string, at: number): boolean => /(?:^|\n)[ \t]*$/.test(text.slice(Math.max(0, at - 80), at));

const tagsOf = (text: string): Tag[] =>
  Array.from(text.matchAll(TAG), (found) => ({
    at: found.index,
    end: found.index + found[0].length,
    isClosing: found[1] === '/',
    match: -1,
  }));

/** The same tags, each opening one with the place of its closing one. */
function matched(tags: Tag[]): readonly Tag[] {
  const open: Tag[] = [];
  for (const [index, tag] of tags.entries()) {
    if (!tag.isClosing) open.push(tag);
    else {
      const opening = open.pop();
      if (opening !== undefined) opening.match = index;
    }
  }
  return tags;
}

/** The tags that stand in no fenced block and in no code between backticks; both lists are in order. */
function outsideCode(tags: Tag[], text: string): Tag[] {
  if (tags.length === 0) return tags;
  const ranges = codeRanges(text);
  let next = 0;
  return tags.filter(({ at }) => {
    while (next < ranges.length && (ranges[next]?.to ?? 0) <= at) next += 1;
    return at < (ranges[next]?.from ?? Number.POSITIVE_INFINITY);
  });
}

interface Range {
  readonly from: number;
  readonly to: number;
}

/** In order. A fence that is never closed protects nothing: it may be one of the thoughts. */
function codeRanges(text: string): readonly Range[] {
  const ranges: Range[] = [];
  let fence: { readonly marks: string; readonly from: number; readonly inside: Range[] } | null = null;
  let at = 0;
  for (const line of text.split('\n')) {
    const marks = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1];
    if (fence === null && marks !== undefined) fence = { marks, from: at, inside: [] };
    else if (fence !== null && marks?.startsWith(fence.marks) === true && line.trim() === marks) {
      ranges.push({ from: fence.from, to: at + line.length });
      fence = null;
    } else {
      const into = fence?.inside ?? ranges;
      for (const { index, 0: code } of line.matchAll(/`[^`]+`/g))
        into.push({ from: at + index, to: at + index + code.length });
    }
    at += line.length + 1;
  }
  return fence === null ? ranges : ranges.concat(fence.inside);
}
