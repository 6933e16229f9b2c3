import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { beforeAll, expect, it } from 'vitest';
import { startI18n } from '../i18n/index.ts';
import { DiagnosticFix } from './diagnostic-fix.tsx';

beforeAll(startI18n);

const html = (fix: string | undefined): string => renderToStaticMarkup(createElement(DiagnosticFix, { fix }));

it.each([
  ["Did you mean 'retry'?", '<span class="muted">Did you mean &#x27;retry&#x27;?</span>'],
  ['Remove it, or write an operator.', '<span class="muted">Remove it, or write an operator.</span>'],
  ['## Step 1: Name', '<span class="muted">Write <code>## Step 1: Name</code></span>'],
  ['tools', '<span class="muted">Write <code>tools</code></span>'],
  [undefined, ''],
])('says what to do about a problem once: %s', (fix, shown) => expect(html(fix)).toBe(shown));
