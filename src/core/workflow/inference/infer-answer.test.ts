import { describe, expect, it } from 'vitest';
import type { JsonMap } from '../../../shared/json.ts';
import type { WantedAnswer } from '../../../shared/model/agent.ts';
import { readWorkflow } from '../read-workflow.ts';
import { inferAnswer } from './infer-answer.ts';

const HEAD = [
  '---',
  'workflow: {id: w, name: W}',
  'inputs: {limit: {type: number, default: 3}, label: {type: string}}',
  '---',
];

/** What step 1, whose output is `r`, is asked for; the others are written as blocks. */
function inferred(
  others: readonly string[],
  first: readonly string[] = [],
  head: readonly string[] = HEAD,
): WantedAnswer | null {
  const blocks = [['action: agent.run', 'prompt: x', 'output_variable: r', ...first].join('\n'), ...others];
  const text = [...head, ...blocks.map((block, at) => `## Step ${at + 1}: S\n\`\`\`yaml\n${block}\n\`\`\``)].join('\n');
  const { workflow } = readWorkflow(text, { file: 'w.md' });
  const [step] = workflow.steps;
  if (step === undefined) throw new Error('no step');
  return inferAnswer(workflow, step);
}

const logged = (text: string): string =>
  `action: workflow.log\ninputs:\n  message: |\n    ${text.replaceAll('\n', '\n    ')}`;

/** The schema of the one field `x` that a text uses. */
const ofField = (text: string): unknown => (inferred([logged(text)])?.schema.properties as JsonMap | undefined)?.x;

const NUMBER = { type: 'number' };
const STRING = { type: 'string' };
const ARRAY = { type: 'array', items: {} };

describe('what one use says about a field', () => {
  it.each<readonly [string, unknown]>([
    ['{{ r.x }}', {}],
    ['{% if r.x %}a{% endif %}', {}],
    ['{% if not r.x and r.x %}a{% endif %}', {}],
    ['{{ r.x if r.x else "none" }}', {}],
    ['{{ r.x ~ "a" }}', {}],
    ['{{ r.x | tojson }}', {}],
    ['{{ r.x | default(false) }}', {}],
    ['{% for i in r.x %}{{ i }}{% endfor %}', ARRAY],
    ['{% for i in r.x[:3] %}{{ i }}{% endfor %}', ARRAY],
    ['{% for i in (r.x or []) %}{{ i }}{% endfor %}', ARRAY],
    ['{% for i in r.x | default([]) %}{{ i }}{% endfor %}', ARRAY],
    ['{% for i in r.x | sort %}{{ i }}{% endfor %}', ARRAY],
    ['{{ r.x | length }}', ARRAY],
    ['{{ r.x | count > 2 }}', ARRAY],
    ['{{ r.x | join(", ") }}', ARRAY],
    ['{{ r.x | first }}', ARRAY],
    ['{{ r.x[0] }}', ARRAY],
    ['{% if "a" in r.x %}a{% endif %}', { type: 'array', items: { type: 'string', examples: ['a'] } }],
    ['{{ r.x | selectattr("s", "eq", "hi") | list | length }}', listOf({ s: { type: 'string', examples: ['hi'] } })],
    [
      '{{ r.x | map(attribute="a.b") | join }}',
      listOf({ a: { type: 'object', properties: { b: {} }, required: ['b'] } }),
    ],
    ['{{ r.x | sum(attribute="n") }}', listOf({ n: NUMBER })],
    ['{{ r.x | sum }}', { type: 'array', items: NUMBER }],
    ['{{ r.x | sort(attribute="rank") | first }}', listOf({ rank: {} })],
    [
      '{% for g in r.x | groupby("kind") %}{{ g.grouper }}{% for i in g.list %}{{ i.n }}{% endfor %}{% endfor %}',
      listOf({ kind: {}, n: {} }),
    ],
    ['{% for i in r.x %}{{ i.name }} {{ i.cost * 2 }}{% endfor %}', listOf({ name: {}, cost: NUMBER })],
    ['{% for i in r.x if i.rank > 2 %}{{ i.name }}{% endfor %}', listOf({ rank: NUMBER, name: {} })],
    ['{% for i in r.x %}{% for j in i.parts %}{{ j.a }}{% endfor %}{% endfor %}', listOf({ parts: listOf({ a: {} }) })],
    ['{% for k, v in r.x.items() %}{{ k }} {{ v / 2 }}{% endfor %}', { type: 'object', additionalProperties: NUMBER }],
    [
      '{{ r.x.y.z }}',
      {
        type: 'object',
        properties: { y: { type: 'object', properties: { z: {} }, required: ['z'] } },
        required: ['y'],
      },
    ],
    ['{{ r.x.get("y") | round }}', { type: 'object', properties: { y: NUMBER } }],
    ['{{ r.x * 2 }}', NUMBER],
    ['{{ r.x - 1 }}', NUMBER],
    ['{{ r.x + 1 }}', NUMBER],
    ['{{ -r.x }}', NUMBER],
    ['{{ r.x | round(1) }}', NUMBER],
    ['{{ r.x | abs }}', NUMBER],
    ['{{ r.x // 2 }}', NUMBER],
    ['{{ r.x + r.y }}', NUMBER],
    ['{{ 10 / r.x }}', { type: 'number', description: 'Something is divided by it, so it is not 0.', examples: [1] }],
    ['{{ 10 / r.x if r.x else 0 }}', NUMBER],
    ['{% if r.x > 0 %}{{ 10 / r.x }}{% endif %}', NUMBER],
    ['{% if r.x > 5 %}a{% endif %}', NUMBER],
    ['{% if 1 < r.x < 5 %}a{% endif %}', NUMBER],
    ['{% if r.x >= inputs.limit %}a{% endif %}', NUMBER],
    ['{% if r.x > r.y | length %}a{% endif %}', NUMBER],
    ['{% if r.x > r.y %}{{ r.y * 2 }}{% endif %}', NUMBER],
    ['{% for i in range(r.x) %}a{% endfor %}', NUMBER],
    ['{{ r.x is divisibleby(3) }}', NUMBER],
    ['{% if r.x == "high" or r.x == "low" %}a{% endif %}', { type: 'string', examples: ['high', 'low'] }],
    ['{% if r.x in ["high", "low"] %}a{% endif %}', { type: 'string', examples: ['high', 'low'] }],
    ['{% if r.x == inputs.label %}a{% endif %}', STRING],
    ['{{ r.x | upper }}', STRING],
    ['{{ r.x.split(",") | length }}', STRING],
    ['{{ "a" + r.x }}', STRING],
    ['{{ r.x + [1] }}', ARRAY],
    ['{% if r.x == true %}a{% endif %}', { type: 'boolean' }],
    ['{% set y = r.x %}{% for i in y %}{{ i.n }}{% endfor %}', listOf({ n: {} })],
    ['{% with y = r.x %}{{ y / 2 }}{% endwith %}', NUMBER],
    ['{% if r.x == "a" %}{{ r.x * 2 }}{% endif %}', { type: ['number', 'string'] }],
    ['{{ (r.x | length) / 2 }} {{ r.x | upper }}', STRING],
    ['{{ variables.r.x * 2 }}{{ steps.step_1.output.x }}', NUMBER],
  ])('%s', (text, schema) => expect(ofField(text)).toEqual(schema));

  function listOf(properties: JsonMap): JsonMap {
    return { type: 'array', items: { type: 'object', properties, required: Object.keys(properties) } };
  }
});

describe('names that lead elsewhere', () => {
  const list = { type: 'array', items: { type: 'object', properties: { n: {} }, required: ['n'] } };
  it.each([
    [
      'a key of data',
      'action: agent.generate\ninputs:\n  data: {issues: "{{ r.x }}"}\n  template: "{% for i in issues %}{{ i.n }}{% endfor %}"',
    ],
    [
      'the whole as a key of context',
      'action: agent.generate\ninputs:\n  context: {review: "{{ r }}"}\n  template: "{% for i in review.x %}{{ i.n }}{% endfor %}"',
    ],
    [
      'another input of an agent',
      'action: agent.generate\ninputs:\n  sources: "{{ r.x }}"\n  prompt: "{% for i in sources %}{{ i.n }}{% endfor %}"',
    ],
    [
      'set',
      'action: workflow.set\ninputs: {y: "{{ r.x }}"}\n```\n## Step 3: S\n```yaml\naction: workflow.log\ninputs: {message: "{% for i in y %}{{ i.n }}{% endfor %}"}',
    ],
    [
      'set inside a map',
      'action: workflow.set\ninputs: {y: {z: "{{ r }}"}}\n```\n## Step 3: S\n```yaml\naction: workflow.log\ninputs: {message: "{% for i in y.z.x %}{{ i.n }}{% endfor %}"}',
    ],
    ['for_each', 'for_each: "{{ r.x }}"\nas: i\nsteps:\n  - {action: workflow.log, inputs: {message: "{{ i.n }}"}}'],
  ])('%s', (_what, block) =>
    expect(inferred([block])?.schema).toEqual({ type: 'object', properties: { x: list }, required: ['x'] }),
  );

  it('end where another step takes the name over', () => {
    const again = 'action: agent.run\nprompt: y\noutput_variable: r';
    expect(inferred([again, logged('{{ r.x }}')])).toBeNull();
  });
});

describe('the whole', () => {
  it.each([
    ['free text', logged('{{ r }}'), null],
    ['a text', logged('{{ r | upper }}'), null],
    ['tested alone', 'action: workflow.noop\ncondition: r', null],
    ['asked for its length alone', logged('{{ r | length }}'), null],
    ['a list', logged('{% for i in r %}{{ i.n }}{% endfor %}'), 'array'],
    ['a number', logged('{{ r / 2 }}'), 'number'],
    ['a map that is passed on, too', logged('{{ r.x }} {{ r }}'), 'object'],
  ])('is %s', (_what, block, kind) => expect(inferred([block])?.kind ?? null).toBe(kind));

  it('is looked at in conditions, success conditions, file names and single braces', () => {
    const head = [...HEAD.slice(0, -1), 'success_conditions: ["r.score > 7"]', '---'];
    const others = ['action: workflow.noop\ncondition: r.verdict == "good" and {r.ready}'];
    expect(inferred(others, ['output_file: "{{ output.name }}.md"'], head)?.schema).toEqual({
      type: 'object',
      properties: { name: {}, verdict: { type: 'string', examples: ['good'] }, ready: {}, score: NUMBER },
      required: ['name', 'verdict', 'ready', 'score'],
    });
  });

  it('need not hold what is used only where it may be missing', () => {
    const { schema } =
      inferred([
        logged('{{ r.a | default("x") }} {{ r.b }} {% if r.c is defined %}{{ r.c }}{% endif %} {{ r.d or 1 }}'),
      ]) ?? {};
    expect(schema?.required).toEqual(['b']);
  });

  it('takes from its fallback what no use settles, and nothing that contradicts one', () => {
    const fallback = ['on_error: {action: continue, fallback: {a: 1, b: [{n: 2}], c: text, d: true, e: x}}'];
    const text =
      '{{ r.a }}{{ r.b }}{% for i in r.b %}{{ i.n }}{% endfor %}{{ r.c }}{% if r.d %}x{% endif %}{{ r.e * 2 }}';
    expect(inferred([logged(text)], fallback)?.schema.properties).toEqual({
      a: NUMBER,
      b: { type: 'array', items: { type: 'object', properties: { n: NUMBER }, required: ['n'] } },
      c: STRING,
      d: { type: 'boolean' },
      e: NUMBER,
    });
  });
});

describe('texts that are made to be slow', () => {
  it.each([
    ['nested tests', `{% if ${'(r.x and '.repeat(30)}r.x${')'.repeat(30)} %}a{% endif %}`],
    ['a thousand fields', Array.from({ length: 1000 }, (_, n) => `{{ r.f${n} + r.f${n + 1} }}`).join('')],
    ['a deep path', `{{ r${'.a'.repeat(500)} }}`],
    ['odd names', '{{ r.__proto__.x }}{{ r["constructor"] }}{{ r["a b"] }}'],
  ])('%s', (_what, text) => expect(JSON.stringify(inferred([logged(text)])?.schema ?? {}).length).toBeLessThan(50_000));
});
