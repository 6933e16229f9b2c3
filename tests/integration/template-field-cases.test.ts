import { afterAll, beforeAll, expect, it } from 'vitest';
import { type CliWorld, openCliWorld, workflowText } from '../support/run-cli.ts';

/** What people wrote in templates, read or reported elsewhere, through the real command line. */
const ID = '1182937465019283746';
/** Bill's hit from a search service, as such services answer. */
const HIT = '{"_id": "5f1", "_source": {"title": "Bill", "kind": "b"}, "_links": {"next": {"href": "/2"}}}';

let world: CliWorld;
beforeAll(async () => {
  world = await openCliWorld();
});
afterAll(() => world.dispose());

async function run(id: string, steps: readonly (readonly string[])[]): Promise<Record<string, unknown>> {
  world.write({ [`${id}/workflow.md`]: workflowText(id, steps) });
  const ran = await world.run('--json', 'run', `./${id}`, '--allow-partial');
  return ran.json();
}

interface Finding {
  readonly message: string;
  readonly line: number;
  readonly column: number;
  readonly fix?: string;
}

async function validate(id: string, inputs: readonly string[]): Promise<readonly Finding[]> {
  world.write({ [`${id}/workflow.md`]: workflowText(id, [['action: workflow.set_outputs', 'inputs:', ...inputs]]) });
  const { errors } = (await world.run('--json', 'bundle', 'validate', `./${id}`)).json<{
    errors: readonly Finding[];
  }>();
  return errors;
}

it('a long id in JSON text keeps its digits, NaN of Python is null, and both are told', async () => {
  const ran = await run('ids', [
    ['action: workflow.set', 'inputs:', `  answer: '{"order": {"id": ${ID}}, "score": NaN, "n": 3}'`],
    [
      'action: workflow.set_outputs',
      'inputs:',
      '  id: "{{ (answer | fromjson).order.id }}"',
      '  score: "{{ (answer | fromjson).score }}"',
      '  n: "{{ (answer | fromjson).n + 1 }}"',
      `  text: "order {{ '${ID}' | int }} {{ ${ID} }}"`,
    ],
  ]);
  expect(ran).toMatchObject({ success: true, outputs: { id: ID, score: null, n: 4, text: `order ${ID} ${ID}` } });
  const shown = await world.run('--json', 'runs', 'show', String(ran.run_id));
  expect(shown.stdout).toContain(`order.id: ${ID} is kept as text`);
  expect(shown.stdout).toContain('score: NaN is no number that can be kept; it became null');
});

it('a search hit: fields with one underscore are read, grouped, sorted and listed', async () => {
  const ran = await run('hits', [
    ['action: workflow.set', 'inputs:', `  hits: [${HIT}, ${HIT.replace('5f1', '5f0').replace('Bill', 'Ann')}]`],
    [
      'action: workflow.set_outputs',
      'inputs:',
      "  ids: \"{{ hits | sort(attribute='_id') | map(attribute='_id') | list }}\"",
      '  titles: "{% for hit in hits %}{{ hit._source.title }} {% endfor %}"',
      '  kinds: "{{ (hits | groupby(\'_source.kind\') | first).grouper }}"',
      '  next: "page {hits.0._links.next.href}"',
    ],
  ]);
  expect(ran).toMatchObject({
    success: true,
    outputs: { ids: ['5f0', '5f1'], titles: 'Bill Ann ', kinds: 'b', next: 'page /2' },
  });
});

it('a space copied from a web page is named with its place and fix', async () => {
  const errors = await validate('spaces', ['  name: "Hello {{ inputs\u00a0.name }}"', '  all: "{{ 1\u3000+ 1 }}"']);
  expect(errors.map(({ message, line, column, fix }) => ({ message, line, column, fix }))).toEqual([
    {
      message: 'U+00A0 (no-break space) is no space here, it only looks like one.',
      line: 14,
      column: 25,
      fix: 'Replace it with an ordinary space.',
    },
    {
      message: 'U+3000 (ideographic space) is no space here, it only looks like one.',
      line: 15,
      column: 13,
      fix: 'Replace it with an ordinary space.',
    },
  ]);
});

it.each([
  ['a GitHub workflow', 'on: push, sha $' + '{{ github.sha }}, ok: $' + "{{ github.ref == 'x' && 'y' }}"],
  ['a Helm chart', 'image: {{ .Values.image }}:{{ .Values.tag | quote }}'],
  ['a Handlebars page', '{{#each people}}{{this.name}}{{/each}}'],
  ['a Go format', 'docker ps --format {{.Names}}'],
])('%s in an input is told how to stay, and stays', async (name, foreign) => {
  const id = name.replaceAll(' ', '-').toLowerCase();
  const errors = await validate(id, ['  text: |-', `    ${foreign}`]);
  expect(errors.length).toBeGreaterThan(0);
  for (const error of errors) expect(error.fix).toContain('{% raw %}');
  const ran = await run(id, [
    ['action: workflow.set_outputs', 'inputs:', '  text: |-', `    {% raw %}${foreign}{% endraw %}`],
  ]);
  expect(ran).toMatchObject({ success: true, outputs: { text: foreign } });
});

it('a template that asks for gigabytes fails its own step; the run goes on and so does the program', async () => {
  const bomb =
    "{% set ns = namespace(x=['A' * 4000000]) %}{% for i in range(16) %}{% set ns.x = ns.x + ns.x %}{% endfor %}{{ ns.x | sort | length }}";
  const ran = await run('bomb', [
    ['action: workflow.set', 'on_error: {action: continue}', 'inputs:', `  bomb: "${bomb}"`],
    ['action: workflow.set_outputs', 'inputs: {after: yes-it-runs}'],
  ]);
  expect(ran).toMatchObject({ outcome: 'partial', steps_succeeded: 1, outputs: { after: 'yes-it-runs' } });
  const shown = await world.run('--json', 'runs', 'show', String(ran.run_id));
  expect(shown.stdout).toContain('"template.limit"');
});
