import MarkdownIt, { type Token } from 'markdown-it';
import { type Heading, otherHeading, readHeading } from './headings.ts';

/** A fenced block. Lines are 1-based lines of the file. */
export interface FenceBlock {
  readonly kind: 'fence';
  readonly line: number;
  /** The first line of the content. */
  readonly contentLine: number;
  readonly content: string;
  /** Info words in lower case. */
  readonly words: readonly string[];
  /** False when the file ended before the fence did. */
  readonly closed: boolean;
}

export type MarkdownBlock =
  | FenceBlock
  | { readonly kind: 'heading'; readonly line: number; readonly heading: Heading }
  | { readonly kind: 'prose'; readonly line: number; readonly text: string }
  | { readonly kind: 'comment'; readonly line: number; readonly text: string };

const BLOCK_RULES = ['fence', 'code', 'blockquote', 'list', 'heading', 'lheading', 'html_block', 'hr', 'paragraph'];
const parser = createParser();

function createParser() {
  const markdown = new MarkdownIt('zero', { html: true, maxNesting: 20 });
  markdown.block.ruler.enableOnly(BLOCK_RULES);
  return markdown;
}

/** The blocks of the body in file order. `lines` are those of the file, the body begins at index `from`. */
export function readMarkdown(lines: readonly string[], from: number): readonly MarkdownBlock[] {
  const tokens: Token[] = [];
  parser.block.parse(lines.slice(from).join('\n'), parser, {}, tokens);
  const blocks: MarkdownBlock[] = [];
  const covered = new Uint8Array(lines.length + 1);
  for (const [index, token] of tokens.entries()) {
    const block = readToken(token, tokens[index + 1], from, lines);
    if (block !== undefined) blocks.push(block);
    if (token.type === 'fence' || token.type === 'html_block' || token.type === 'code_block') {
      covered.fill(1, from + (token.map?.[0] ?? 0), from + (token.map?.[1] ?? 0));
    }
  }
  for (let index = from; index < lines.length; index += 1) {
    const line = lines[index];
    if (covered[index] === 1 || line === undefined) continue;
    const heading = readHeading(line);
    if (heading !== undefined) blocks.push({ kind: 'heading', line: index + 1, heading });
  }
  return blocks.sort((a, b) => a.line - b.line);
}

/** Headings with `#` are read line by line; only underlined ones are taken from here. */
function readToken(
  token: Token,
  next: Token | undefined,
  from: number,
  lines: readonly string[],
): MarkdownBlock | undefined {
  const start = from + (token.map?.[0] ?? 0);
  if (token.type === 'fence') return readFence(token, start, from, lines);
  if (token.type === 'html_block') return { kind: 'comment', line: start + 1, text: token.content };
  const text = next?.type === 'inline' ? next.content : '';
  if (token.type === 'paragraph_open') return { kind: 'prose', line: start + 1, text };
  const underlined = token.type === 'heading_open' && (token.markup === '=' || token.markup === '-');
  if (!underlined) return undefined;
  return { kind: 'heading', line: start + 1, heading: otherHeading(token.markup === '=' ? 1 : 2, text.trim()) };
}

function readFence(token: Token, start: number, from: number, lines: readonly string[]): FenceBlock {
  const end = from + (token.map?.[1] ?? 0);
  const last = end - 1 > start ? (lines[end - 1] ?? '') : '';
  const marks = last.replace(/^[\s>]+/, '').trimEnd();
  const mark = token.markup[0] ?? '`';
  const closed = marks.length >= token.markup.length && marks === mark.repeat(marks.length);
  const words = token.info.trim().toLowerCase().split(/\s+/);
  return {
    kind: 'fence',
    line: start + 1,
    contentLine: start + 2,
    content: token.content.replace(/\n$/, ''),
    words,
    closed,
  };
}

/** Whether a fence holds YAML (SPEC §1.2). */
export function isYamlFence(fence: FenceBlock): boolean {
  return fence.words[0] === 'yaml' || fence.words[0] === 'yml';
}

/** Whether a fence is tagged `yaml example`: shown to readers, never run. */
export function isExampleFence(fence: FenceBlock): boolean {
  return isYamlFence(fence) && fence.words.includes('example');
}
