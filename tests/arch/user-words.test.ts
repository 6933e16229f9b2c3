import { parseAst } from 'vite';
import { describe, expect, it } from 'vitest';
import { readSources, type SourceFile } from './source-files.ts';

/** Everything whose texts a person may read; a screen's own words stand in `renderer/i18n`. */
const product = readSources('src').filter((file) => !/\.(test|test-support)\.tsx?$/.test(file.path));
const screens = product.filter((file) => /^src\/renderer\/i18n\/(en|de)\//.test(file.path));

/** `file:line: text` of every text of a file, the pieces of templates apart. */
function textsOf(file: SourceFile): readonly (readonly [place: string, text: string])[] {
  const found: (readonly [string, string])[] = [];
  const open: unknown[] = [parseAst(file.text, { lang: file.path.endsWith('x') ? 'tsx' : 'ts' }).body];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (typeof node !== 'object' || node === null || isPattern(node)) continue;
    const text = textOf(node as Node);
    if (text === null) open.push(...Object.values(node));
    else found.push([`${file.path}:${file.text.slice(0, (node as Node).start).split('\n').length}`, text]);
  }
  return found;
}

/** `new RegExp(…)`: what stands in it is no sentence. */
const isPattern = (node: Node): boolean => node.type === 'NewExpression' && node.callee?.name === 'RegExp';

interface Node {
  readonly type?: string;
  readonly start?: number;
  readonly value?: unknown;
  readonly callee?: { readonly name?: string };
}

function textOf({ type, value }: Node): string | null {
  if (type === 'Literal') return typeof value === 'string' ? value : '';
  return type === 'TemplateElement' ? String((value as { cooked: unknown }).cooked) : null;
}

/** A fence of Markdown, which is what a workflow is written in: three and more at the beginning of a line. */
const withoutFences = (text: string): string => text.replace(/^`{3,}/gm, '');

const said = (files: readonly SourceFile[], isRefused: (text: string) => boolean): readonly string[] =>
  files.flatMap(textsOf).flatMap(([place, text]) => (isRefused(text) ? [`${place}: ${text}`] : []));

describe('words for people', () => {
  it('hold no backtick: a name or a value stands in single quotes', () => {
    // A text that is nothing but one is compared with or written into Markdown.
    expect(said(product, (text) => text !== '`' && withoutFences(text).includes('`'))).toEqual([]);
  });

  it('hold no word of the trade on a screen', () => {
    // As values: the keys beside them are names of the contract.
    const trade = /\bISO\b|\b8601\b|regular expression|regex|\bRE2\b|[Cc]ircuit|^Breaker$/;
    expect(said(screens, (text) => trade.test(text))).toEqual([]);
  });

  it('hold no raw number above a thousand', () => {
    // JSON has no other way to write one.
    expect(said(screens, (text) => /(^|[\s(])\d{4,}\b/.test(text.replace(/\{.*\}/, '')))).toEqual([]);
  });

  // Of scripts, servers and parsers of others there are backticks all the same.
  it('of the engine stand on a screen through one component, which knows backticks', () => {
    const drawn = /(^\s*|>)\{[\w?]*(\.\w+)*\.?\b(message|hint|problem|warning|reason|error|why)\}(<|\s*$)/;
    const found = readSources('src/renderer')
      .filter(({ path }) => path.endsWith('.tsx'))
      .flatMap(({ path, text }) => text.split('\n').flatMap((line) => (drawn.test(line) ? [`${path}: ${line}`] : [])));
    expect(found.filter((line) => !line.includes('<Reason '))).toEqual([]);
  });
});
