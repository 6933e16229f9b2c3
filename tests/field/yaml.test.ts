import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CliResult, type CliWorld, openCliWorld } from '../support/run-cli.ts';

/** What people write in YAML and what must come of it (`README.md` names the reports). */
let world: CliWorld;
beforeAll(async () => {
  world = await openCliWorld();
});
afterAll(() => world.dispose());

const step = (title: string, ...lines: readonly string[]): string =>
  `## Step ${title}\n\n\`\`\`yaml\n${lines.join('\n')}\n\`\`\`\n`;
const workflow = (head: readonly string[], ...steps: readonly string[]): string =>
  `---\n${head.join('\n')}\n---\n# Flow\n${steps.join('\n')}`;

/** A tool that prints its arguments and the variables that a test asks for. */
const SHOW = [
  '#!/usr/bin/env node',
  "const names = ['PYTHON', 'ZIP', 'COMMIT', 'RELEASE', 'PHONE', 'DAY', 'ANSWER', 'MASK', 'LIMIT'];",
  'const env = Object.fromEntries(names.flatMap((n) => (n in process.env ? [[n, process.env[n]]] : [])));',
  'console.log(JSON.stringify({ env, args: process.argv.slice(2) }));',
  '',
].join('\n');

interface Bundle {
  readonly workflow: string;
  readonly config?: string;
  readonly tools?: string;
  readonly others?: Readonly<Record<string, string>>;
}

async function validate(name: string, bundle: Bundle, ...flags: readonly string[]): Promise<CliResult> {
  world.write({
    [`${name}/workflow.md`]: bundle.workflow,
    [`${name}/tools/show.mjs`]: SHOW,
    ...(bundle.config === undefined ? {} : { [`${name}/config.yaml`]: bundle.config }),
    ...(bundle.tools === undefined ? {} : { [`${name}/tools.yaml`]: bundle.tools }),
    ...Object.fromEntries(Object.entries(bundle.others ?? {}).map(([path, text]) => [`${name}/${path}`, text])),
  });
  return world.run('--json', 'bundle', 'validate', `./${name}`, ...flags);
}

async function outputsOf(name: string, ...args: readonly string[]): Promise<Readonly<Record<string, unknown>>> {
  const { exitCode, stdout, stderr } = await world.run('--json', 'run', `./${name}`, ...args);
  expect(`${exitCode} ${stderr}`, stdout).toBe('0 ');
  return (JSON.parse(stdout) as { outputs: Readonly<Record<string, unknown>> }).outputs;
}

describe('text of numbers', () => {
  it('is the text that is written: env, string inputs, string parameters, labels', async () => {
    const checked = await validate('spelling', {
      workflow: workflow(
        [
          'workflow: {id: spelling, name: 1.0, version: 1.10, tags: [3.10, 2026-01-02]}',
          'inputs:',
          '  release: {type: string, default: 3.10, enum: [3.9, 3.10]}',
          '  code: 00123',
        ],
        step('1: Show', 'action: show.all', 'inputs: {version: 3.10, code: 007, count: 007}', 'output_variable: seen'),
        step('2: Say', 'action: workflow.log', 'inputs: {message: 1.50}', 'output_variable: said'),
        step(
          '3: Hand on',
          'action: workflow.set_outputs',
          'inputs:',
          '  seen: "{{ seen }}"',
          '  said: "{{ said.message }}"',
          '  labels: "{{ workflow.name }} {{ workflow.version }} {{ workflow.tags | join(\' \') }}"',
          '  given: "{{ inputs.release }} {{ inputs.code }}"',
        ),
      ),
      config: 'name: spelling\nenv: {PYTHON: 3.10, ZIP: 01234, COMMIT: 12345e7}\n',
      tools: [
        'tools:',
        '  - name: show',
        '    script: tools/show.mjs',
        '    env: {RELEASE: 1.30, PHONE: +49301234}',
        '    operations:',
        '      all:',
        '        read_only: true',
        '        parameters:',
        '          version: {type: string, enum: [3.10, 3.11]}',
        '          code: {type: string}',
        '          count: {type: integer}',
        '          mode: {type: string, default: 0644}',
      ].join('\n'),
    });
    expect(checked.json()).toMatchObject({ valid: true, warnings: [] });
    expect(await outputsOf('spelling')).toEqual({
      seen: {
        env: { PYTHON: '3.10', ZIP: '01234', COMMIT: '12345e7', RELEASE: '1.30', PHONE: '+49301234' },
        args: ['all', '--version=3.10', '--code=007', '--count=7', '--mode=0644'],
      },
      said: '1.50',
      labels: '1.0 1.10 3.10 2026-01-02',
      given: '3.10 00123',
    });
  });

  it('is an argument of a script that declares nothing, too', async () => {
    await validate('undeclared', {
      workflow: workflow(
        ['workflow: {id: undeclared, name: Undeclared}'],
        step('1: Show', 'action: show.run', 'inputs: {version: 3.10, code: 007, on: true}', 'output_variable: seen'),
        step('2: Hand on', 'action: workflow.set_outputs', 'inputs: {args: "{{ seen.args }}"}'),
      ),
    });
    expect(await outputsOf('undeclared')).toEqual({ args: ['--version=3.10', '--code=007', '--on'] });
  });
});

it('colon in a description is an error with its line, and the fix', async () => {
  const checked = await validate('colon', {
    workflow: workflow(
      ['workflow:', '  id: colon', '  name: Colon', '  description: Writes the note. Use when: a week is over'],
      step('1: Wait', 'action: workflow.noop'),
    ),
  });
  expect(checked.exitCode).toBe(1);
  expect(checked.stdout).toMatch(/Put the text after the first colon in quotes/);
  expect(checked.stdout).toMatch(/"line":5/);
});

it('unquoted template is an error with its line, and the fix', async () => {
  const checked = await validate('unquoted', {
    workflow: workflow(
      ['workflow: {id: unquoted, name: Unquoted}', 'inputs: {who: Ann}'],
      step('1: Greet', 'action: workflow.log', 'inputs:', '  message: {{ inputs.who }} is here'),
    ),
  });
  expect(checked.exitCode).toBe(1);
  expect(checked.stdout).toContain('Put text with {{ }} in quotes');
});

it('fields called items, keys, values and count are the fields', async () => {
  await validate('fields', {
    workflow: workflow(
      ['workflow: {id: fields, name: Fields}'],
      step(
        '1: Order',
        'action: workflow.set',
        'inputs:',
        '  order: {id: 1, items: [a, b, c], values: {x: 1}, count: 9, keys: [k]}',
      ),
      step(
        '2: Hand on',
        'action: workflow.set_outputs',
        'inputs:',
        '  list: "{% for one in order.items %}{{ one }},{% endfor %}"',
        '  native: "{{ order.items }}"',
        '  count: "{{ order.count }}"',
        '  keys: "{{ order.keys | join }}"',
        '  pairs: "{% for key, value in order.items() %}{{ key }} {% endfor %}"',
      ),
    ),
  });
  expect(await outputsOf('fields')).toEqual({
    list: 'a,b,c,',
    native: ['a', 'b', 'c'],
    count: 9,
    keys: 'k',
    pairs: 'id items values count keys ',
  });
});

it('big integers keep their digits as text, with a warning that names path and digits', async () => {
  const checked = await validate('big', {
    workflow: workflow(
      ['workflow: {id: big, name: Big}', 'inputs:', '  order: {type: integer, default: 9007199254740993}'],
      step('1: Show', 'action: show.all', 'inputs: {id: 12345678901234567890}', 'output_variable: seen'),
      step(
        '2: Hand on',
        'action: workflow.set_outputs',
        'inputs: {args: "{{ seen.args }}", order: "{{ inputs.order }}", mine: 9007199254740995, limit: "{{ seen.env.LIMIT }}"}',
      ),
    ),
    config: 'name: big\nenv: {LIMIT: 18446744073709551615}\n',
    tools: [
      'tools:',
      '  - name: show',
      '    script: tools/show.mjs',
      '    operations: {all: {read_only: true, parameters: {id: {type: integer}}}}',
    ].join('\n'),
  });
  const { warnings } = checked.json<{ warnings: readonly string[] }>();
  for (const kept of [
    'inputs.order.default: 9007199254740993 is kept as text',
    'inputs.id: 12345678901234567890 is kept as text',
    'inputs.mine: 9007199254740995 is kept as text',
    'env.LIMIT: 18446744073709551615 is kept as text',
  ])
    expect(JSON.stringify(warnings)).toContain(kept);
  expect(await outputsOf('big')).toEqual({
    args: ['all', '--id=12345678901234567890'],
    order: '9007199254740993',
    mine: '9007199254740995',
    limit: '18446744073709551615',
  });
});

it('words of other YAML versions are the text where one is wanted', async () => {
  await validate('words', {
    workflow: workflow(
      [
        'workflow: {id: words, name: Words, description: no}',
        'inputs:',
        '  country: {type: string, default: no, enum: [no, se]}',
        '  since: {type: string, default: 2026-01-02}',
        '  mask: {type: string, default: 0x1F}',
        '  amount: {type: string, default: 1_000}',
        '  answer: {type: string, default: True}',
      ],
      step('1: Show', 'action: show.run', 'output_variable: seen'),
      step(
        '2: Hand on',
        'action: workflow.set_outputs',
        'inputs:',
        '  env: "{{ seen.env }}"',
        '  said: "{{ inputs.country }} {{ inputs.since }} {{ inputs.mask }} {{ inputs.amount }} {{ inputs.answer }}"',
      ),
    ),
    config: 'name: words\nenv: {DAY: 2026-01-02, ANSWER: on, MASK: 0x1F, LIMIT: 1_000}\n',
  });
  expect(await outputsOf('words')).toEqual({
    env: { DAY: '2026-01-02', ANSWER: 'on', MASK: '0x1F', LIMIT: '1_000' },
    said: 'no 2026-01-02 0x1F 1_000 True',
  });
});

it('inputs file: string inputs get the text as it is spelled, the others their value', async () => {
  await validate('file', {
    workflow: workflow(
      [
        'workflow: {id: file, name: File}',
        'inputs:',
        '  release: {type: string}',
        '  zip: {type: string}',
        '  ratio: {type: number}',
        '  big: {type: integer}',
        '  is_live: {type: boolean}',
        '  rows: {type: array}',
      ],
      step('1: Hand on', 'action: workflow.set_outputs', 'inputs: {all: "{{ inputs }}"}'),
    ),
    others: {
      'in.yaml': 'release: 3.10\nzip: 01234\nratio: 3.10\nbig: 9007199254740993\nis_live: True\nrows: [1.0, {a: 2}]\n',
      'in.json': '{"release": "3.10", "ratio": 1.0, "big": 9007199254740993, "rows": [1.0]}',
    },
  });
  expect(await outputsOf('file', '--inputs-file', 'file/in.yaml')).toEqual({
    all: { release: '3.10', zip: '01234', ratio: 3.1, big: '9007199254740993', is_live: true, rows: [1, { a: 2 }] },
  });
  expect(await outputsOf('file', '--inputs-file', 'file/in.json')).toEqual({
    all: { release: '3.10', ratio: 1, big: '9007199254740993', rows: [1] },
  });
});

describe('white space of a text processor', () => {
  const NBSP = '\u00a0';
  const FLOW = workflow(['workflow: {id: spaces, name: Spaces}'], step('1: Wait', 'action: workflow.noop'));

  it.each<readonly [string, Bundle, RegExp]>([
    ['a key of a step', { workflow: FLOW.replace('action:', `action${NBSP}:`) }, /U\+00A0 .*in a key.*"line":8/],
    ['an indent', { workflow: FLOW.replace('action:', `${NBSP}action:`) }, /U\+00A0 .*"line":8,"column":1/],
    ['a fence', { workflow: FLOW.replace('```yaml', `${NBSP}\`\`\`yaml`) }, /"line":7.*U\+00A0 .*before a fence/],
    ['a heading', { workflow: FLOW.replace('## Step', `##${NBSP}Step`) }, /"line":5.*U\+00A0 .*heading/],
    ['the frontmatter', { workflow: FLOW.replace('---', `---${NBSP}`) }, /"line":1.*U\+00A0 .*frontmatter/],
    ['config.yaml', { workflow: FLOW, config: `env:\n${NBSP} A: b\n` }, /U\+00A0 .*"file":"config.yaml"/],
    ['tools.yaml', { workflow: FLOW, tools: `tools:\n  - name:${NBSP}show\n` }, /U\+00A0 .*"file":"tools.yaml"/],
  ])('in %s is an error that names character, line and fix', async (_where, bundle, said) => {
    const checked = await validate('spaces', { config: '', tools: '', ...bundle });
    expect(checked.exitCode).toBe(1);
    expect(checked.stdout).toMatch(said);
    expect(checked.stdout).toContain('Replace it with an ordinary space.');
  });

  it('in the settings of the project is told of by doctor', async () => {
    world.write({ 'aiworkflow.local.yaml': `agent:\n${NBSP} primary: demo\n` });
    const told = await world.run('doctor');
    world.write({ 'aiworkflow.local.yaml': '' });
    expect(told.stdout).toMatch(/aiworkflow\.local\.yaml:2 .*U\+00A0/);
  });
});
