import { describe, expect, it } from 'vitest';
import { lineModes, tokensOf } from './highlight-markdown.ts';

describe('highlight', () => {
  it('tells front matter and fences from prose', () => {
    expect(lineModes(['---', 'id: a', '---', '# T', '```yaml', 'a: 1', '```', 'end'])).toEqual([
      'fence',
      'yaml',
      'fence',
      'markdown',
      'fence',
      'yaml',
      'fence',
      'markdown',
    ]);
  });

  it('never changes the text', () => {
    for (const line of [
      '  - key: "a" # c',
      'x: {{ y }} 12',
      '# heading',
      '   ',
      'a: "unclosed',
      '- {a: true, b: [1, 2]}',
    ])
      for (const mode of ['yaml', 'markdown', 'fence'] as const)
        expect(
          tokensOf(line, mode)
            .map((token) => token.text)
            .join(''),
        ).toBe(line);
  });

  it('colours keys, texts, templates, numbers and comments', () => {
    expect(tokensOf('limit: 10 # ten', 'yaml').map((token) => token.kind)).toEqual([
      'key',
      'plain',
      'literal',
      'comment',
    ]);
    expect(tokensOf('see {{ x }}', 'markdown').map((token) => token.kind)).toEqual(['plain', 'template']);
  });
});
