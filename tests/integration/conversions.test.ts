import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { BundleReading } from '../../src/core/bundles/bundle-reading.ts';
import { readBundle } from '../../src/core/bundles/index.ts';
import { convertForeign, draftFiles, draftName } from '../../src/core/conversion/index.ts';
import type { Workflow } from '../../src/shared/model/workflow.ts';
import { GERMAN } from '../../src/shared/sentences/german/index.ts';
import { createWording } from '../../src/shared/sentences/index.ts';

const inGerman = createWording(GERMAN.sentences, GERMAN.phrases, 'de');

/** Files in the public formats of other programs, as those programs write them. */
const FOREIGN = new URL('fixtures/foreign/', import.meta.url);
const work = mkdtempSync(join(tmpdir(), 'conversions-'));
afterAll(() => rmSync(work, { recursive: true, force: true }));

interface Made {
  readonly folder: string;
  readonly reading: BundleReading;
  readonly workflow: Workflow;
  readonly lost: readonly string[];
  readonly changed: readonly string[];
}

/** Converts a file as it is, writes its drafts as bundles and reads them as the library does. */
async function convert(
  name: string,
  bytes: Uint8Array = readFileSync(new URL(name, FOREIGN)),
): Promise<readonly Made[]> {
  const found = convertForeign(bytes, { name, timezone: 'Europe/Berlin' });
  if (found === null) return [];
  return Promise.all(
    found.plans.map(async (plan, index) => {
      const folder = join(work, `${name}-${index}`);
      const origin = { format: found.format, file: name, name: draftName(plan.title) };
      for (const [path, text] of draftFiles(plan, origin)) {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        writeFileSync(join(folder, path), text);
      }
      const reading = await readBundle(folder);
      if (reading.reading === null) throw new Error('no workflow');
      // The report is read in the language of the screens.
      for (const { message } of plan.notes) expect(inGerman(message)).not.toBe(message);
      const said = (severity: string) => plan.notes.filter((one) => one.severity === severity);
      return {
        ...{ folder, reading, workflow: reading.reading.workflow },
        lost: said('warning').map(({ message, line }) => `${line ?? '-'} ${message}`),
        changed: said('notice').map(({ message, line }) => `${line ?? '-'} ${message}`),
      };
    }),
  );
}

const only = async (name: string, bytes?: Uint8Array): Promise<Made> => {
  const [made, ...others] = await convert(name, bytes);
  if (made === undefined || others.length > 0) throw new Error(`${name} is not one draft`);
  return made;
};

const triggers = ({ workflow }: Made): readonly unknown[] =>
  workflow.triggers.map(({ type, config }) => [type, config]);

const ALL = [
  'crontab',
  'system-crontab',
  'com.example.mirror.plist',
  'report-task.xml',
  'ci.yml',
  'orders.json',
  'recipe.yaml',
  'fix-issue.md',
];

it.each(ALL)('%s: every draft is a bundle without errors, with its report', async (name) => {
  for (const { reading, folder } of await convert(name)) {
    expect(reading.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(readFileSync(join(folder, 'README.md'), 'utf8')).toContain('Nothing of it is armed');
  }
});

describe('a crontab', () => {
  it('becomes a workflow for each entry, with its schedule in the zone of the machine', async () => {
    const [backup, list, reboot, never] = await convert('crontab');
    const as = { timezone: 'Europe/Berlin', catch_up: 'none', overlap: 'allow' };
    expect(backup?.workflow.name).toBe('Nightly backup');
    expect(backup && triggers(backup)).toEqual([['schedule', { schedule: '30 2 * * 1-5', ...as }]]);
    expect(list && triggers(list)).toEqual([['schedule', { schedule: '*/15 8-18 * * *', ...as }]]);
    expect(reboot?.lost).toContain("13 '@reboot': nothing starts when the machine starts");
    expect(never && triggers(never)).toEqual([]);
    expect(never?.lost).toContain(
      "14 '0 0 31 2 *': it has no schedule: The schedule never fires: no month has that day",
    );
    expect(backup?.lost).toEqual([
      "- 'MAILTO=ops@example.com': what it prints is kept with the run and not sent by mail",
    ]);
  });

  it('its commands run with its variables and what stands behind %', async () => {
    const [backup, list] = await convert('crontab');
    expect(readFileSync(join(backup?.folder ?? '', 'tools/nightly-backup.bash'), 'utf8')).toContain(
      'tar -czf "$HOME/backup-$(date +%F).tgz" notes\n',
    );
    const script = join(list?.folder ?? '', 'tools/send-the-list.bash');
    writeFileSync(script, `${readFileSync(script, 'utf8')}echo "$GREETING"\n`);
    expect(execFileSync('bash', [script], { encoding: 'utf8' })).toBe('FIRST LINE\nSECOND LINE\nit\'s a "test"\n');
  });

  it('of the system says which user it ran as', async () => {
    const [hourly, rotate] = await convert('system-crontab');
    expect(hourly?.changed).toEqual(["2 'root': it ran as this user there; here as whoever runs the app"]);
    expect(hourly?.workflow.id).toBe('run-parts');
    expect(rotate?.workflow.triggers[0]?.config['schedule']).toBe('25 6 1 JAN,JUL *');
  });
});

it('a launchd job keeps its calendar, its arguments and its variables', async () => {
  const made = await only('com.example.mirror.plist');
  const as = { timezone: 'Europe/Berlin', catch_up: 'last' };
  expect(triggers(made)).toEqual([
    ['schedule', { schedule: '30 7 * * *', ...as }],
    ['schedule', { schedule: '5 0 * * 1', ...as }],
    ['file', { path: '/Users/ann/Inbox', events: ['created', 'modified', 'deleted', 'moved'] }],
  ]);
  expect(made.lost).toEqual([
    "23 'RunAtLoad': nothing starts when somebody signs in",
    "25 'KeepAlive': a run ends and is not started again; a schedule or a watch starts the next one",
  ]);
  const script = join(made.folder, 'tools/mirror.mjs');
  writeFileSync(script, readFileSync(script, 'utf8').replace('/usr/local/bin/node', process.execPath));
  expect(JSON.parse(execFileSync(process.execPath, [script], { encoding: 'utf8' }))).toEqual([
    ['two words & "quotes"'],
    '/Volumes/Mirror',
  ]);
});

it('a task of Windows keeps its calendars and its command line, read as UTF-16 too', async () => {
  const text = readFileSync(new URL('report-task.xml', FOREIGN), 'utf8');
  const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]);
  for (const made of [await only('report-task.xml'), await only('report-task.xml', utf16)]) {
    expect(triggers(made).map((one) => (one as [string, { schedule: string }])[1].schedule)).toEqual([
      '45 6 * * 1,4',
      '5-59/15 * * * *',
      '0 22 1,L 3,9 *',
    ]);
    expect([made.workflow.name, made.workflow.execution]).toMatchObject(['Weekly report', { concurrency: 'queue' }]);
    expect(made.lost.map((line) => line.replace(/^\S+ /, '').split(':')[0])).toEqual([
      "'ComHandler'",
      "'HighestAvailable'",
      "'WeeksInterval 2'",
      "'LogonTrigger'",
      "'DisallowStartIfOnBatteries'",
    ]);
    expect(readFileSync(join(made.folder, 'tools/report.mjs'), 'utf8')).toContain(
      '"--to \\"Ann & Bob\\" --out %TEMP%\\\\report.pdf"',
    );
  }
});

describe('a workflow of GitHub Actions', () => {
  it('becomes one workflow in the order of its jobs', async () => {
    const made = await only('ci.yml');
    expect(made.workflow.steps.map(({ name, action }) => [name, action])).toEqual([
      ['test: actions/checkout@v4', 'workflow.fail'],
      ['test: Greet', 'test-greet.run'],
      ['test: Save', 'test-save.run'],
      ['report: Report', 'report-report.run'],
    ]);
    expect(made.workflow.inputs.map(({ name, default: value }) => [name, value])).toEqual([
      ['who', 'world'],
      ['level', 'low'],
    ]);
    expect(triggers(made)).toEqual([
      ['schedule', { schedule: '15 3 * * 1-5', timezone: 'UTC', catch_up: 'none', overlap: 'allow' }],
      [
        'webhook',
        {
          path: '/github/nightly-checks',
          events: ['pull_request.opened', 'pull_request.synchronize', 'pull_request.reopened'],
          ...{ scheme: 'github', secret: 'GITHUB_WEBHOOK' },
        },
      ],
    ]);
    const dollar = '$';
    expect(made.lost).toEqual([
      "6 'pull_request: branches': every such event starts it",
      "41 'test: services': it has no counterpart here",
      "40 'matrix: node': only the first value of each was taken",
      "45 'uses: actions/checkout@v4': the folder of a run is empty: get the code with git in a script",
      "54 'if': the step runs whatever it says",
      "53 'GITHUB_OUTPUT': nothing sets it here",
      `53 '${dollar}{{ github.sha }}': the expression stands in the script as it is written`,
    ]);
  });

  it('an expression in a script of Python, where nothing of the shell is replaced, is said to stand there as it is', () => {
    const step = '{shell: python, run: "print(\'${{ inputs.who }} on ${{ matrix.node }}\')"}';
    const yaml = `on: {workflow_dispatch: {inputs: {who: {type: string}}}}
jobs: {greet: {strategy: {matrix: {node: [22, 24]}}, steps: [${step}]}}`;
    const [plan] = convertForeign(Buffer.from(yaml), { name: 'greet.yml', timezone: 'UTC' })?.plans ?? [];
    expect(plan?.scripts[0]?.text).toContain("print('${{ inputs.who }} on 22')");
    expect(plan?.notes.map(({ message }) => message)).toContain(
      "'${{ inputs.who }}': the expression stands in the script as it is written",
    );
  });

  it('its scripts are given what somebody types as a value, never as a piece of the script', async () => {
    const { folder } = await only('ci.yml');
    const hostile = '$(touch owned)"; exit 7';
    const out = execFileSync('bash', [join(folder, 'tools/test-greet.bash'), `--who=${hostile}`], {
      encoding: 'utf8',
      cwd: folder,
    });
    expect(out).toBe(`Hello "${hostile}" on 22, nightly\n`);
    expect(execFileSync('bash', [join(folder, 'tools/report-report.bash')], { encoding: 'utf8', cwd: folder })).toBe(
      'done as nightly\n',
    );
  });
});

it('a workflow of n8n keeps its order, its branches and the paths of its expressions', async () => {
  const made = await only('orders.json');
  const steps = Object.fromEntries(made.workflow.steps.map((step) => [step.name, step]));
  expect(made.workflow.steps.map(({ name }) => name)).toEqual([
    'Get orders',
    'Is large?',
    'Edit Fields',
    'Code',
    'Slack',
  ]);
  expect(steps['Is large?']?.inputs).toEqual({
    is_large: '{{ true if (get_orders.total > 1000) and (get_orders.country == "DE") else false }}',
  });
  expect(steps['Edit Fields']?.inputs['edit_fields']).toEqual({
    text: 'Order {{ get_orders.id }} of {{ get_orders.customer.name }}',
    upper: '{% raw %}{{ $json.name.toUpperCase() }}{% endraw %}',
  });
  expect(['Edit Fields', 'Slack', 'Code'].map((name) => steps[name]?.conditions)).toEqual([
    ['is_large'],
    ['is_large'],
    ['not is_large'],
  ]);
  expect(made.workflow.triggers.map(({ config }) => config['schedule'] ?? config['path'])).toEqual([
    '15 8 * * 1,3',
    '/orders',
  ]);
  expect(made.workflow.triggers[0]?.config['timezone']).toBe('Europe/Vienna');
  expect(made.lost).toHaveLength(5);
});

it('a recipe of Goose keeps its parameters, its templates and its schema', async () => {
  const made = await only('recipe.yaml');
  const [step] = made.workflow.steps;
  expect(made.workflow.inputs.map(({ name, type, required }) => [name, type, required])).toEqual([
    ['path', 'string', true],
    ['language', 'string', false],
    ['strict', 'boolean', false],
  ]);
  expect(step?.inputs).toMatchObject({
    instructions: expect.stringContaining('{% if inputs.strict == "true" %}'),
    prompt: 'Review {{ inputs.path }} and answer in JSON.',
    output_schema: { required: ['verdict'] },
  });
  expect(made.lost.map((line) => line.split("'")[1])).toEqual([
    'retry',
    'extension developer (builtin)',
    'extension tracker (stdio)',
    'goose_provider: anthropic',
    'temperature: 0.2',
  ]);
});

it('a command of Claude Code keeps its arguments and runs what its prompt quotes', async () => {
  const made = await only('fix-issue.md');
  expect(made.workflow.steps.map(({ action }) => action)).toEqual(['command-1.run', 'agent.run']);
  expect(made.workflow.inputs.map(({ name }) => name)).toEqual(['argument_1', 'argument_2', 'arguments']);
  const prompt = String(made.workflow.steps[1]?.inputs['prompt']);
  expect(prompt).toContain('- Status: {{ command_1 }}');
  expect(prompt).toContain('{% raw %}');
  expect(made.lost.map((line) => line.split("'")[1])).toEqual([
    '@docs/style.md',
    'allowed-tools: "Bash(git status:*), Bash(git diff:*), Edit"',
  ]);
});

describe('what is none of these', () => {
  const text = (words: string): Uint8Array => Buffer.from(words);
  it.each([
    ['notes.txt', 'Buy milk at 10\n'],
    ['data.json', '{"rows": [1, 2]}'],
    ['flow.md', '---\nworkflow: {id: a}\n---\n## Step 1: A\n```yaml\naction: workflow.noop\n```\n'],
    ['readme.md', '# Read me\n'],
    ['feed.xml', '<rss><channel/></rss>'],
    ['empty', ''],
  ])('%s is left alone', (name, words) => {
    expect(convertForeign(text(words), { name, timezone: 'UTC' })).toBeNull();
  });

  it.each([
    ['broken.plist', '<plist><dict><key>A</key></plist>', /line 1/],
    ['bomb.plist', '<!DOCTYPE plist [<!ENTITY a "aaaa">]><plist><dict/></plist>', /XML/],
    ['binary.plist', 'bplist00\u0001', /binary/],
  ])('%s is refused in words', (name, words, said) => {
    expect(() => convertForeign(text(words), { name, timezone: 'UTC' })).toThrow(said);
  });
});
