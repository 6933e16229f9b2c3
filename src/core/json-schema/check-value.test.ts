import { expect, test } from 'vitest';
import type { Json, JsonMap } from '../../shared/json.ts';
import { COSTLY_PATTERN_FIX } from '../../shared/safe-pattern.ts';
import { checkValue } from './check-value.ts';
import { FUNCTION_ARGUMENTS, OUTPUT_SCHEMA, REQUEST_SCHEMA, SERVER_SCHEMA } from './schema-rules.ts';
import { problemLine } from './value-problem.ts';

/** Each level may be met by either of two parts that say the same: twice the work at every level. */
const EITHER = { type: 'object', properties: { a: { $ref: '#/$defs/s' } }, required: ['a'] };
const ENDLESS: JsonMap = { $defs: { s: { anyOf: [EITHER, EITHER, { type: 'string' }] } }, $ref: '#/$defs/s' };
const nested = (levels: number): Json => (levels === 0 ? 1 : { a: nested(levels - 1) });

/** Whether the thread of the caller did something else while the work went on. */
async function whileOthersRun<T>(work: Promise<T>): Promise<T> {
  let turns = 0;
  let isOver = false;
  const turn = (): void => {
    turns += 1;
    if (!isOver) setTimeout(turn, 10);
  };
  turn();
  const result = await work.finally(() => {
    isOver = true;
  });
  expect(turns).toBeGreaterThan(5);
  return result;
}

test('a pattern that never ends is ended elsewhere, and is named', async () => {
  const schema = { type: 'object', properties: { name: { type: 'string', pattern: '^(a+)+$' } } };
  const verdict = await whileOthersRun(checkValue(schema, { name: `${'a'.repeat(60)}!` }, SERVER_SCHEMA));
  expect(verdict).toEqual({
    kind: 'unusable',
    problem: 'it takes too long to hold a value against it (it has the patterns ^(a+)+$)',
    always: false,
  });
  expect(await checkValue(schema, { name: 'aaa' }, SERVER_SCHEMA)).toEqual({ kind: 'valid' });
});

test('alternatives that never end too', async () => {
  const verdict = await whileOthersRun(checkValue(ENDLESS, nested(60), REQUEST_SCHEMA));
  expect(verdict).toMatchObject({ kind: 'unusable', problem: expect.stringContaining('takes too long') });
});

test('what takes long and ends has the verdict that it would have here', async () => {
  expect(await checkValue(ENDLESS, nested(16), SERVER_SCHEMA)).toMatchObject({ kind: 'invalid' });
});

test('where only the first problem is found in time, it is said', async () => {
  const schema: JsonMap = { ...ENDLESS, $ref: '#/$defs/top' };
  const top = { type: 'object', required: ['x'], properties: { a: { $ref: '#/$defs/s' } } };
  const verdict = await checkValue(
    { ...schema, $defs: { ...(ENDLESS.$defs as JsonMap), top } },
    { a: nested(60) },
    FUNCTION_ARGUMENTS,
  );
  expect(verdict.kind === 'invalid' && verdict.problems.map((one) => problemLine(one, 'it'))).toEqual([
    "it must have required property 'x'",
  ]);
});

test('a pattern of a step that costs too much for a text is named, with how to mend it', async () => {
  const schema = { type: 'object', properties: { text: { type: 'string', pattern: '(?:.{0,1000}x)?$' } } };
  expect(await checkValue(schema, { text: 'abc' }, OUTPUT_SCHEMA)).toEqual({ kind: 'valid' });
  expect(await checkValue(schema, { text: 'a'.repeat(900_000) }, OUTPUT_SCHEMA)).toEqual({
    kind: 'unusable',
    problem: `A text of 900,000 characters is too long for the pattern (?:.{0,1000}x)?$. ${COSTLY_PATTERN_FIX.replace(/\.$/, '')}`,
    always: false,
  });
  const many = { type: 'array', items: { type: 'string', pattern: '^[a-z]+$' } };
  expect(await checkValue(many, Array(100).fill('a'.repeat(90_000)) as Json, OUTPUT_SCHEMA)).toMatchObject({
    kind: 'unusable',
    problem: expect.stringContaining('the pattern ^[a-z]+$'),
  });
});

test('nothing is changed, made up or fetched', async () => {
  const value = { a: '5' };
  const schema = {
    properties: { a: { type: 'integer', default: 3 }, b: { default: 1 } },
    $id: 'https://example.com/s',
  };
  for (const rules of [OUTPUT_SCHEMA, FUNCTION_ARGUMENTS, SERVER_SCHEMA, REQUEST_SCHEMA])
    expect(await checkValue(schema, value, rules)).toMatchObject({ kind: 'invalid' });
  expect(value).toEqual({ a: '5' });
  expect(await checkValue({ $ref: 'https://example.com/x' }, 1, SERVER_SCHEMA)).toMatchObject({
    kind: 'unusable',
    always: true,
  });
});

test.each([
  ['http://json-schema.org/draft-07/schema#', { items: [{ type: 'string' }], definitions: {} }],
  ['https://json-schema.org/draft/2020-12/schema', { prefixItems: [{ type: 'string' }] }],
])('%s is read in its own dialect, whoever sends it', async ($schema, words) => {
  for (const rules of [FUNCTION_ARGUMENTS, SERVER_SCHEMA]) {
    expect(await checkValue({ $schema, ...words }, ['x'], rules)).toEqual({ kind: 'valid' });
    expect(await checkValue({ $schema, ...words }, [1], rules)).toMatchObject({ kind: 'invalid' });
  }
});
