import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Json, JsonMap } from '../../../shared/json.ts';
import type { AgentRequest } from '../../agent-port/index.ts';
import { schemaProblems } from '../../json-schema/index.ts';
import { validateValue } from '../output/validate-value.ts';
import { createDemoAdapter } from './demo-adapter.ts';

const ask = async (inputs: JsonMap, schema: JsonMap | null = null, operation = 'analyze') => {
  const request = {
    operation,
    inputs,
    schema,
    prompt: 'p'.repeat(400),
    signal: new AbortController().signal,
    note: () => undefined,
  } as unknown as AgentRequest;
  return createDemoAdapter().ask(request);
};
const form = async (properties: JsonMap, inputs: JsonMap, required: readonly string[] = Object.keys(properties)) =>
  (await ask(inputs, { type: 'object', properties, required })).structured;

const REVIEW: JsonMap = {
  type: 'object',
  properties: {
    summary: { type: 'string' },
    verdict: { type: 'string', enum: ['approve', 'request_changes', 'comment'] },
    issues: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          file: { type: 'string' },
          line: { type: 'integer' },
          severity: { enum: ['low', 'medium', 'high'] },
          message: { type: 'string' },
          suggestion: { type: 'string' },
        },
        required: ['file', 'line', 'severity', 'message'],
      },
    },
    issue_count: { type: 'integer' },
  },
  required: ['summary', 'verdict', 'issues'],
};

describe('a code review', () => {
  const review = async (findings: readonly Json[]) =>
    (await ask({ task: 'Review this pull request', data: { diff: '+eval(x)\n', findings } }, REVIEW)).structured;

  test('findings become issues, the worst decides the verdict', async () => {
    const findings = [
      { rule: 'no-eval', path: 'a.js', line: 3, severity: 'high', text: 'eval is dangerous' },
      { rule: 'todo', file: 'b.js', line: 9, level: 'low', description: 'todo left' },
    ];
    expect(await review(findings)).toEqual({
      summary: 'demo: Review this pull request; 2 findings (1 high, 1 low).',
      verdict: 'request_changes',
      issues: [
        { file: 'a.js', line: 3, severity: 'high', message: 'eval is dangerous' },
        { file: 'b.js', line: 9, severity: 'low', message: 'todo left' },
      ],
      issue_count: 2,
    });
  });

  test('small findings are a comment, none an approval', async () => {
    expect(await review([{ file: 'b.js', line: 1, severity: 'low', message: 'todo' }])).toMatchObject({
      verdict: 'comment',
    });
    expect(await review([])).toMatchObject({ verdict: 'approve', issues: [], issue_count: 0 });
  });
});

describe('forms', () => {
  test('values are taken by field name, in any spelling, also from JSON in a text', async () => {
    const data = JSON.stringify({ customerName: 'Ada', order: { total: '12.5' } });
    expect(await form({ customer_name: { type: 'string' }, total: { type: 'number' } }, { data })).toEqual({
      customer_name: 'Ada',
      total: 12.5,
    });
  });

  test('numbers count, within their bounds', async () => {
    const inputs = { data: { tickets: [1, 2, 3] } };
    expect(
      await form({ ticket_count: { type: 'integer' }, total_tickets: { type: 'integer', maximum: 2 } }, inputs),
    ).toEqual({
      ticket_count: 3,
      total_tickets: 2,
    });
  });

  test('inferred forms: list for list, number for number, one of the texts that it is compared with', async () => {
    const data = {
      issues: [
        { key: 'A-1', points: 5 },
        { key: 'A-2', points: 3 },
      ],
      has_issues: true,
      velocity: 0,
    };
    const form: JsonMap = {
      type: 'object',
      properties: {
        issues: { type: 'array', items: {} },
        velocity: { type: 'number', examples: [1] },
        verdict: { type: 'string', examples: ['ok', 'urgent'] },
        by_key: { type: 'object', additionalProperties: { type: 'number' } },
      },
      required: ['issues', 'velocity', 'verdict'],
    };
    const { structured } = await ask({ data: { ...data, by_key: { a: '7' } } }, form);
    expect(structured).toMatchObject({ issues: data.issues, velocity: 1, by_key: { a: 7 } });
    expect(['ok', 'urgent']).toContain((structured as JsonMap).verdict);
  });

  test('a category is told by its words and by what its author says about it', async () => {
    const data = { subject: 'Refund', body: 'I was charged twice, please refund my invoice' };
    expect(await form({ category: { enum: ['support', 'billing', 'spam'] } }, { data })).toEqual({
      category: 'billing',
    });
    const categories = [
      { name: 'alpha', description: 'about horses' },
      { name: 'beta', description: 'about invoices and a refund' },
    ];
    expect(await form({ category: { type: 'string' } }, { data, categories })).toEqual({ category: 'beta' });
  });

  test('flags follow lists and the mood of the data', async () => {
    expect(
      await form(
        { has_findings: { type: 'boolean' }, approved: { type: 'boolean' } },
        { data: { findings: [{ severity: 'high' }] } },
      ),
    ).toEqual({ has_findings: true, approved: false });
  });

  test('references, alternatives, lists of texts and lengths are met', async () => {
    const schema: JsonMap = {
      type: 'object',
      properties: {
        main: { $ref: '#/$defs/person' },
        notes: { type: 'array', items: { type: 'string' } },
        short: { type: 'string', maxLength: 6 },
        maybe: { anyOf: [{ type: 'null' }, { type: 'string' }] },
      },
      required: ['main', 'notes', 'short', 'maybe'],
      $defs: { person: { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] } },
    };
    const inputs = { data: { main: { name: 'Ada' }, notes: [{ file: 'a', line: 2, message: 'm' }] } };
    expect((await ask(inputs, schema)).structured).toMatchObject({
      main: { name: 'Ada' },
      notes: ['a:2: m'],
      short: 'demo: ',
    });
  });

  test('what it gives meets every schema of plain types, and is the same each time', async () => {
    const leaf: fc.Arbitrary<JsonMap> = fc.constantFrom<JsonMap>(
      { type: 'string' },
      { type: 'integer', minimum: 2 },
      { type: 'number', maximum: 1 },
      { type: 'boolean' },
      { enum: ['a', 'b'] },
      { type: 'array', items: { type: 'string' }, minItems: 1 },
      { const: 5 },
      {},
    );
    const key = fc.constantFrom('summary', 'items', 'count', 'name', 'status', 'is_ok', 'value');
    const object = (part: fc.Arbitrary<JsonMap>) =>
      fc.dictionary(key, part, { minKeys: 1 }).map(
        (properties): JsonMap => ({
          type: 'object',
          properties,
          required: Object.keys(properties),
          additionalProperties: false,
        }),
      );
    const schemas = object(
      fc.oneof(
        leaf,
        object(leaf),
        object(leaf).map((items): JsonMap => ({ type: 'array', items })),
      ),
    );
    const inputs = fc.dictionary(key, fc.jsonValue({ maxDepth: 2 })) as fc.Arbitrary<JsonMap>;
    await fc.assert(
      fc.asyncProperty(schemas, inputs, async (schema, data) => {
        expect(schemaProblems(schema)).toEqual([]);
        const { structured } = await ask({ task: 't', data }, schema);
        expect(await validateValue(schema, structured ?? null)).toEqual([]);
        expect((await ask({ task: 't', data }, schema)).structured).toEqual(structured);
      }),
      { seed: 21, numRuns: 150 },
    );
  });
});

describe('texts', () => {
  test('every schema that is taken is met, however it speaks of itself', async () => {
    const reference = fc.constantFrom('#', '#/$defs/a', '#/$defs/b', '#/$defs/c').map(($ref) => ({ $ref }));
    const { part } = fc.letrec<{ part: JsonMap }>((tie) => ({
      part: fc.oneof(
        { maxDepth: 3, withCrossShrink: true },
        fc.constantFrom<JsonMap>({ type: 'string' }, { type: 'integer' }, { type: 'null' }, { enum: ['x', 'y'] }),
        reference,
        fc.record({ type: fc.constant('array'), items: tie('part'), minItems: fc.nat(2) }),
        fc.record({ anyOf: fc.array(tie('part'), { minLength: 1, maxLength: 3 }) }),
        fc
          .record({ a: tie('part'), b: tie('part'), c: tie('part') }, { requiredKeys: [] })
          .chain((properties) =>
            fc
              .tuple(fc.constantFrom('object', ['object', 'null']), fc.subarray(Object.keys(properties)))
              .map(([type, required]) => ({ type, properties, required }) as JsonMap),
          ),
      ),
    }));
    const schemas = fc
      .tuple(part, part, part, part)
      .map(([root, a, b, c]): JsonMap => ({ ...root, $defs: { a, b, c } }));
    const data = { findings: [{ a: 'one', b: [1, 2] }, { c: { a: 'two' } }], b: ['p', 'q'] };
    let taken = 0;
    await fc.assert(
      fc.asyncProperty(schemas, async (schema) => {
        if (schemaProblems(schema).length > 0) return;
        taken += 1;
        const { structured } = await ask({ task: 'Look', ...data }, schema);
        expect(await validateValue(schema, structured ?? null)).toEqual([]);
      }),
      { seed: 7, numRuns: 400 },
    );
    expect(taken).toBeGreaterThan(100);
  });

  test.each<readonly [string, JsonMap]>([
    [
      'each of many fields holds many others',
      {
        $ref: '#/$defs/a',
        $defs: Object.fromEntries(
          ['a', 'b', 'c', 'd'].map((name, at, all): [string, JsonMap] => [
            name,
            {
              type: 'object',
              properties: Object.fromEntries(
                Array.from({ length: 300 }, (_, n) => [`f${n}`, { $ref: `#/$defs/${all[at + 1] ?? 'a'}` }]),
              ),
            },
          ]),
        ),
      },
    ],
    ['a text of a length that nobody has', { type: 'string', minLength: 1_000_000_000 }],
    ['a list of a length that nobody has', { type: 'array', minItems: 1_000_000_000 }],
  ])('a form is never filled without measure: %s', async (_what, schema) => {
    expect(schemaProblems(schema)).toEqual([]);
    const { text } = await ask({ task: 'Look' }, schema);
    expect(text.length).toBeLessThan(5_000_000);
  });

  test('a template is given as it was rendered and says demo', async () => {
    expect((await ask({ template: 'Dear Ada,\nhello.' })).text).toBe('Dear Ada,\nhello.\n\n(demo)\n');
    expect((await ask({ template: '{"a": 1}' })).text).toBe('{"a": 1}');
    expect(
      await form(
        { subject: { type: 'string' }, body: { type: 'string' } },
        { template: 'Dear Ada', data: { subject: 'Hi' } },
      ),
    ).toEqual({
      subject: 'Hi',
      body: 'Dear Ada\n\n(demo)\n',
    });
  });

  test('without both, what is there is told shortly', async () => {
    const { text, usage, reportedCost, model } = await ask({
      task: 'Look',
      data: { diff: 'a\nb', findings: [{ severity: 'high' }] },
    });
    expect(text).toBe('demo: Look; 1 finding (1 high).\n\n- diff: a (2 lines)\n- findings: 1 item (1 high)\n');
    expect([reportedCost, model]).toEqual(['0', 'demo']);
    expect(usage).toMatchObject({ inputTokens: 100, isEstimated: true });
  });

  test('a report is Markdown', async () => {
    const { text } = await ask({ execution_data: { steps: 3 } }, null, 'generate_report');
    expect(text).toContain('# Execution report (demo)');
    expect(text).toContain('- steps: 3');
  });
});
