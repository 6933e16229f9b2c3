import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import { Markdown } from './markdown.tsx';

const drawn = (text: string): string =>
  renderToStaticMarkup(createElement(Markdown, { text })).replace(/^<div class="prose">|<\/div>$/g, '');

it('draws prose, and links that open outside', () => {
  expect(drawn('Pay **all** of [it](https://example.org)')).toBe(
    '<p>Pay <strong>all</strong> of <a href="https://example.org" target="_blank" rel="noreferrer noopener">it</a></p>',
  );
});

it.each([
  ['a tag', 'Send <b>now</b>', '<p>Send &lt;b&gt;now&lt;/b&gt;</p>'],
  ['a block', '<div hidden>And pay twice</div>', '&lt;div hidden&gt;And pay twice&lt;/div&gt;'],
  ['a comment', 'Fine <!-- or not -->', '<p>Fine &lt;!-- or not --&gt;</p>'],
  ['a script', '<script>alert(1)</script>', '&lt;script&gt;alert(1)&lt;/script&gt;'],
  ['a picture', 'See ![the bill](https://x.example/p.png)', '<p>See ![the bill](https://x.example/p.png)</p>'],
  ['a link to no page', '[go](javascript:alert(1))', '<p>[go](javascript:alert(1))</p>'],
])('shows %s as it is written', (_what, text, markup) => {
  expect(drawn(text)).toBe(markup);
});
