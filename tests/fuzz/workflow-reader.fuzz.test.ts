import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  allSteps,
  listUnsupported,
  readWorkflow,
  requiredTools,
  templateWorkflow,
} from '../../src/core/workflow/index.ts';

/** A hang, not a measurement: no input of this size may take longer on any machine. */
const HANG_MS = 10_000;
const SEED = Number(process.env.FUZZ_SEED ?? Date.now() % 2_147_483_647);
const RUNS = Number(process.env.FUZZ_RUNS ?? 5000);
const golden = readFileSync(new URL('../../src/core/workflow/golden/everything.md', import.meta.url), 'utf8');
const VALID = [
  golden,
  ...(['basic', 'multi-step', 'with-tools', 'loop', 'approval', 'webhook'] as const).map((one) =>
    templateWorkflow('Fuzz', one),
  ),
];

const SNIPPETS = [
  ...[
    '---',
    '\n---\n',
    '```',
    '```yaml\n',
    '~~~',
    '<!--',
    '-->',
    '## Step 2: X\n',
    '## step 3: Y\n',
    '> ',
    '  - ',
    '\t',
    '\r\n',
    '\r',
    '\0',
    '\ufeff',
    '\ufffd',
  ],
  ...[
    '{{',
    '}}',
    '{%',
    '%}',
    '{x.y}',
    '{{ a.b | default(1) }}',
    '{% for i in x %}',
    '"',
    "'",
    '|',
    '>',
    ': ',
    '- ',
    '? ',
    '&a ',
    '*a',
    '!!str ',
    '!x ',
    '%YAML 1.1\n',
  ],
  ...[
    'action: a.b\n',
    'for_each: [1]\n',
    'if: x\n',
    'then:\n',
    'try:\n',
    'parallel:\n',
    'type: while\n',
    'needs: [a]\n',
    'id: step_1\n',
    'on_error: [{}]\n',
    'inputs: [1]\n',
  ],
  ...[
    '__proto__: 1\n',
    'constructor: {}\n',
    '<<: *a\n',
    '.nan',
    '.inf',
    '1e999',
    '9'.repeat(400),
    '[',
    ']',
    '{',
    '}',
    'null',
    '~',
    '🙂',
    '\u202e',
    '\ud800',
  ],
];

const cut = fc.record({
  at: fc.nat(),
  length: fc.nat({ max: 40 }),
  text: fc.oneof(fc.constantFrom(...SNIPPETS), fc.string({ maxLength: 12 }), fc.constant('')),
});
const mutated = fc.tuple(fc.constantFrom(...VALID), fc.array(cut, { minLength: 1, maxLength: 6 })).map(([text, cuts]) =>
  cuts.reduce((now, { at, length, text: put }) => {
    const from = at % (now.length + 1);
    return now.slice(0, from) + put + now.slice(from + length);
  }, text),
);
const lineSwap = fc
  .tuple(fc.constantFrom(...VALID), fc.nat(), fc.nat(), fc.nat({ max: 5 }))
  .map(([text, a, b, count]) => {
    const lines = text.split('\n');
    const taken = lines.splice(a % lines.length, count);
    lines.splice(b % (lines.length + 1), 0, ...taken, ...taken);
    return lines.join('\n');
  });
const yamlLine = fc.tuple(
  fc.nat({ max: 8 }),
  fc.constantFrom(...SNIPPETS, 'action', 'steps', 'x'),
  fc.constantFrom(':', ': ', ' ', ''),
  fc.oneof(fc.constantFrom(...SNIPPETS), fc.string({ maxLength: 10 })),
);
const yamlText = fc
  .array(yamlLine, { maxLength: 25 })
  .map((lines) => lines.map(([indent, key, colon, value]) => ' '.repeat(indent) + key + colon + value).join('\n'));
const json = fc.json({ maxDepth: 6 });
const randomYaml = fc
  .tuple(fc.oneof(yamlText, json, fc.string({ maxLength: 200 })), fc.oneof(yamlText, json))
  .map(([front, block]) => `---\n${front}\n---\n## Step 1: A\n\`\`\`yaml\n${block}\n\`\`\`\n`);
const randomMarkdown = fc
  .array(fc.oneof(fc.constantFrom(...SNIPPETS), fc.string({ maxLength: 20 }), fc.constant('\n')), { maxLength: 60 })
  .map((parts) => parts.join(''));
const text = fc.oneof(
  { arbitrary: mutated, weight: 5 },
  { arbitrary: lineSwap, weight: 2 },
  { arbitrary: randomYaml, weight: 3 },
  { arbitrary: randomMarkdown, weight: 2 },
  fc.string({ unit: 'binary', maxLength: 300 }),
);

describe('workflow reader, random input', () => {
  it(`gives a workflow or diagnostics, never throws, never hangs (seed ${SEED}, ${RUNS} runs)`, {
    timeout: 600_000,
  }, () => {
    console.log(`workflow reader fuzz: FUZZ_SEED=${SEED} FUZZ_RUNS=${RUNS}`);
    let slowest = 0;
    fc.assert(
      fc.property(text, (input) => {
        const begin = process.threadCpuUsage();
        const { workflow, diagnostics } = readWorkflow(input, { file: 'f.md' });
        listUnsupported(workflow);
        requiredTools(workflow);
        const used = process.threadCpuUsage(begin);
        slowest = Math.max(slowest, (used.user + used.system) / 1000);
        expect(slowest).toBeLessThan(HANG_MS);
        expect(diagnostics.length).toBeLessThanOrEqual(501);
        for (const one of diagnostics) {
          expect(one.code).toMatch(/^[a-z]+\.[a-z_0-9]+$/);
          expect(one.message).not.toBe('');
          if (one.severity === 'error') expect(one.line).toBeGreaterThanOrEqual(1);
          if (one.line !== undefined) expect(one.line).toBeLessThanOrEqual(input.split(/\r\n|\n|\r/).length);
        }
        for (const step of allSteps(workflow)) expect(step.id).not.toBe('');
        if (diagnostics.every((one) => one.severity !== 'error')) expect(workflow.steps.length).toBeGreaterThan(0);
        expect(() => JSON.stringify(workflow)).not.toThrow();
      }),
      { numRuns: RUNS, seed: SEED },
    );
    console.log(`workflow reader fuzz: slowest ${slowest.toFixed(0)} ms`);
  });

  it('gives the same answer twice', () => {
    fc.assert(
      fc.property(mutated, (input) => {
        expect(readWorkflow(input, { file: 'f.md' })).toEqual(readWorkflow(input, { file: 'f.md' }));
      }),
      { numRuns: 100, seed: SEED },
    );
  });
});
