import { expect, test } from 'vitest';
import { serviceSentence } from './service-sentence.ts';

const json = (value: unknown): string => JSON.stringify(value);

test.each([
  ['message', json({ message: 'note must name a customer', code: 17 }), 'note must name a customer'],
  ['detail before title', json({ title: 'Wrong order', detail: 'note must name' }), 'note must name'],
  ['title alone', json({ type: 'about:blank', title: 'Wrong order' }), 'Wrong order'],
  ['a text under error', json({ error: 'no such customer' }), 'no such customer'],
  ['a map under error', json({ error: { code: 'x1', message: 'no such customer' } }), 'no such customer'],
  ['of a login', json({ error: 'invalid_client', error_description: 'Unknown client' }), 'Unknown client'],
  ['a list of texts', json({ errors: ['one', 'two'] }), 'one; two'],
  ['a list of maps', json({ errors: [{ message: 'a' }, { detail: 'b' }, { title: 'c' }, { title: 'd' }] }), 'a; b; c'],
  [
    'errors by field',
    json({ errors: { name: ['is taken'], age: 'is no number' } }),
    'name: is taken; age: is no number',
  ],
  ['of FastAPI', json({ detail: [{ loc: ['body', 'note'], msg: 'field required' }] }), 'body.note: field required'],
  ['with capitals', json({ Message: 'Access Denied' }), 'Access Denied'],
  ['a bare text', json('it is closed'), 'it is closed'],
  ['wrapped', json({ error: { errors: [{ reason: 'quota' }] } }), 'quota'],
  ['JSON that says nothing known', json({ ok: false }), '{"ok":false}'],
  ['plain text', 'upstream\r\n\tis down ', 'upstream is down'],
  [
    'a page',
    '<html><head><style>a{}</style><title>502 Bad Gateway</title></head><body>\n<h1>502 Bad Gateway</h1></body>',
    '502 Bad Gateway 502 Bad Gateway',
  ],
  ['nothing', ' \n', ''],
  ['empty JSON', '{}', ''],
  ['what is no text', 'null', ''],
  ['control and hidden characters', json({ message: 'a\u001b[31m\u202eb\u0000c' }), 'a [31m b c'],
  ['JSON too deep to be read', '['.repeat(5000) + ']'.repeat(5000), `${'['.repeat(300)}…`],
  ['a long one', 'x'.repeat(1000), `${'x'.repeat(300)}…`],
])('%s', (_what, body, said) => {
  expect(serviceSentence(body)).toBe(said);
});
