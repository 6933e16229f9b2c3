import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { beforeAll, expect, it } from 'vitest';
import { startI18n } from '../i18n/index.ts';
import { DiagnosticText } from './diagnostic-text.tsx';

beforeAll(startI18n);

const html = (fix: string | undefined): string =>
  renderToStaticMarkup(createElement(DiagnosticText, { message: 'It is odd', ...(fix === undefined ? {} : { fix }) }));

it.each([
  ["Did you mean 'retry'?", 'It is odd. <span class="muted">Did you mean &#x27;retry&#x27;?</span>'],
  ['Remove it, or write an operator.', 'It is odd. <span class="muted">Remove it, or write an operator.</span>'],
  ['## Step 1: Name', 'It is odd. <span class="muted">Write <code>## Step 1: Name</code></span>'],
  ['tools', 'It is odd. <span class="muted">Write <code>tools</code></span>'],
  [undefined, 'It is odd'],
])('says what to do about a problem once: %s', (fix, shown) => expect(html(fix)).toBe(shown));
