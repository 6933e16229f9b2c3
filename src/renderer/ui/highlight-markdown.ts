/** A stretch of a line and what it is. */
export interface Token {
  readonly text: string;
  readonly kind: 'plain' | 'heading' | 'key' | 'string' | 'template' | 'comment' | 'fence' | 'literal';
}

export type LineMode = 'markdown' | 'yaml' | 'fence';

/** What each line is: front matter and fenced blocks are YAML, the rest Markdown. One pass over the text. */
export function lineModes(lines: readonly string[]): readonly LineMode[] {
  let isFrontmatter = lines[0]?.trim() === '---';
  let isFence = false;
  return lines.map((line, index) => {
    if (isFrontmatter) {
      if (index > 0 && line.trim() === '---') {
        isFrontmatter = false;
        return 'fence';
      }
      return index === 0 ? 'fence' : 'yaml';
    }
    if (/^\s*(```|~~~)/.test(line)) {
      isFence = !isFence;
      return 'fence';
    }
    return isFence ? 'yaml' : 'markdown';
  });
}

const VALUE =
  /(\{\{.*?\}\})|("(?:[^"\\]|\\.)*"|'[^']*')|(\s#.*$)|((?<=^|[\s[,:{])(?:true|false|null|-?\d+(?:\.\d+)?)(?=$|[\s,\]}]))/g;
const KINDS = ['template', 'string', 'comment', 'literal'] as const;

function valueTokens(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let end = 0;
  for (const match of text.matchAll(VALUE)) {
    if (match.index > end) tokens.push({ text: text.slice(end, match.index), kind: 'plain' });
    const kind = KINDS.find((_, group) => match[group + 1] !== undefined) ?? 'plain';
    tokens.push({ text: match[0], kind });
    end = match.index + match[0].length;
  }
  if (end < text.length) tokens.push({ text: text.slice(end), kind: 'plain' });
  return tokens;
}

/** A light colouring of one line; joined, the tokens are the line. Very long lines stay plain. */
export function tokensOf(line: string, mode: LineMode): readonly Token[] {
  if (line === '' || line.length > 2000) return [{ text: line, kind: 'plain' }];
  if (mode === 'fence') return [{ text: line, kind: 'fence' }];
  if (mode === 'markdown')
    return /^#{1,6}\s/.test(line)
      ? [{ text: line, kind: 'heading' }]
      : valueTokens(line).map((token) => (token.kind === 'template' ? token : { ...token, kind: 'plain' }));
  if (/^\s*#/.test(line)) return [{ text: line, kind: 'comment' }];
  const key = /^(\s*(?:- )*)([\w.-]+)(?=:(?:\s|$))/.exec(line);
  if (key === null) return valueTokens(line);
  const [whole, lead = '', name = ''] = key;
  return [
    ...(lead === '' ? [] : [{ text: lead, kind: 'plain' } as const]),
    { text: name, kind: 'key' },
    ...valueTokens(line.slice(whole.length)),
  ];
}
