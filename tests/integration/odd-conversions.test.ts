import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { convertForeign } from '../../src/core/conversion/index.ts';
import { GERMAN } from '../../src/shared/sentences/german/index.ts';
import { createWording } from '../../src/shared/sentences/index.ts';

const inGerman = createWording(GERMAN.sentences, GERMAN.phrases, 'de');

/** What people really have, beyond the plain case of each format: it is in the draft, or the report names it. */
function planOf(name: string, text: string | Uint8Array, index = 0) {
  const plan = convertForeign(Buffer.from(text), { name, timezone: 'Europe/Berlin' })?.plans[index];
  if (plan === undefined) throw new Error(`${name} is none`);
  // The report is read in the language of the screens.
  for (const { message } of plan.notes) expect(inGerman(message)).not.toBe(message);
  const said = plan.notes.map(({ message, severity }) => `${severity === 'warning' ? 'lost' : 'changed'} ${message}`);
  return { ...plan, said };
}
const schedules = (plan: { readonly triggers: readonly object[] }): readonly unknown[] =>
  plan.triggers.map((one) => ('schedule' in one ? one.schedule : one));

function runs(script: string | undefined, args: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'odd-'));
  try {
    const file = join(folder, 'it.bash');
    writeFileSync(file, script ?? '');
    return execFileSync('bash', [file, ...args], { encoding: 'utf8', cwd: folder });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe('a crontab', () => {
  it('is obeyed by the clock of CRON_TZ; TZ is a variable of its commands', () => {
    const text = 'TZ=America/New_York\n0 9 * * * date\nCRON_TZ=Asia/Tokyo\nRANDOM_DELAY=30\n@daily date\n';
    const [first, second] = [planOf('crontab', text), planOf('crontab', text, 1)];
    expect(first.triggers[0]).toMatchObject({ schedule: '0 9 * * *', timezone: 'Europe/Berlin' });
    expect(first.scripts[0]?.text).toContain('export TZ=America/New_York');
    expect(second.triggers[0]).toMatchObject({ schedule: '@daily', timezone: 'Asia/Tokyo' });
    expect(second.said).toContain("lost 'RANDOM_DELAY=30': give the schedule a jitter");
  });

  it('of a package, without a line that names its columns, has users nevertheless', () => {
    const plan = planOf(
      'php',
      '09,39 *     * * *     root   [ -x /usr/lib/php/clean ] && /usr/lib/php/clean\n*/5 * * * * www-data php -f /srv/cron.php\n',
      1,
    );
    expect(plan.scripts[0]?.text).toContain('\nphp -f /srv/cron.php\n');
    expect(plan.said[0]).toMatch(/^changed 'www-data'/);
  });
});

describe('a job of launchd', () => {
  const plist = (keys: string): string =>
    `<?xml version="1.0"?><plist version="1.0"><dict><key>Label</key><string>a.b</string>${keys}</dict></plist>`;

  it('has a schedule for each interval that is one, and names the others', () => {
    const interval = '<dict><key>Hour</key><integer>6</integer><key>Minute</key><integer>0</integer></dict>';
    const text = '<dict><key>Hour</key><string>6</string></dict>';
    const never = '<dict><key>Day</key><integer>31</integer><key>Month</key><integer>2</integer></dict>';
    const plan = planOf(
      'a.plist',
      plist(
        `<key>ProgramArguments</key><array><string>/bin/a</string></array><key>RunAtLoad</key><false/><key>WatchPaths</key><string>/in</string><key>StartCalendarInterval</key><array>${interval}${text}${never}<string>daily</string></array>`,
      ),
    );
    expect(schedules(plan)).toEqual(['0 6 * * *', expect.objectContaining({ type: 'file', path: '/in' })]);
    expect(plan.said.filter((one) => one.startsWith('lost'))).toEqual([
      'lost \'StartCalendarInterval {"Hour":"6"}\': it has no schedule: Hour is no integer',
      expect.stringMatching(/^lost 'StartCalendarInterval \{"Day":31,"Month":2\}': it has no schedule: /),
      'lost \'StartCalendarInterval "daily"\': it is no dictionary, so there is no schedule',
    ]);
  });
});

describe('a task of Windows', () => {
  const task = (triggers: string): string =>
    `<?xml version="1.0" encoding="UTF-16"?><Task><Triggers>${triggers}</Triggers><Actions><Exec><Command>C:\\a.exe</Command></Exec></Actions></Task>`;
  const daily = (start: string, more = ''): string =>
    `<CalendarTrigger><StartBoundary>${start}</StartBoundary>${more}<ScheduleByDay><DaysInterval>1</DaysInterval></ScheduleByDay></CalendarTrigger>`;

  it('whose start has an offset is started by that clock', () => {
    const plan = planOf(
      't.xml',
      task(`${daily('2026-01-01T06:45:00Z')}${daily('2026-01-01T06:45:00+02:00')}${daily('2026-01-01T06:45:00')}`),
    );
    expect(plan.triggers.map((one) => one['timezone'])).toEqual(['UTC', 'Etc/GMT-2', 'Europe/Berlin']);
  });

  it('is read in both orders of bytes, and says what it delays', () => {
    const text = task(daily('2026-01-01T06:45:00', '<RandomDelay>PT30M</RandomDelay>'));
    const swapped = Buffer.from(text, 'utf16le').swap16();
    for (const bytes of [text, Buffer.concat([Buffer.from([0xfe, 0xff]), swapped])]) {
      const plan = planOf('t.xml', bytes);
      expect(schedules(plan)).toEqual(['45 6 * * *']);
      expect(plan.said).toContain("lost 'RandomDelay PT30M': give the schedule a jitter");
    }
  });
});

describe('a workflow of GitHub Actions', () => {
  it('with a called workflow says all that it is handed', () => {
    const plan = planOf(
      'release.yml',
      'on: {workflow_call: {inputs: {dry: {type: boolean, default: "false"}, n: {type: number, default: "3"}}, secrets: {TOKEN: {required: true}}, outputs: {url: {value: x}}}}\njobs:\n  call:\n    if: github.ref == 1\n    uses: ./.github/workflows/build.yml\n    with: {env: prod, tag: v1}\n    secrets: inherit\n',
    );
    expect(plan.inputs).toMatchObject({ dry: { type: 'boolean', default: false }, n: { type: 'number', default: 3 } });
    expect(plan.said.map((one) => one.split("'")[1])).toEqual([
      'workflow_call: secrets TOKEN',
      'workflow_call: outputs url',
      'uses: ./.github/workflows/build.yml',
      'call: if',
      'call: with (env, tag)',
      'call: secrets',
    ]);
  });

  it('takes the first combination of a matrix, however it is written', () => {
    const of = (matrix: string, expression: string) =>
      planOf(
        'm.yml',
        `on: push\njobs: {a: {strategy: {matrix: ${matrix}}, steps: [{run: "echo ${expression}", timeout-minutes: "\${{ matrix.limit }}"}]}}`,
      );
    const included = of('{include: [{os: linux, node: 22}, {os: mac, node: 24}]}', '${{ matrix.os }}');
    expect(included.scripts[0]?.text).toContain('echo linux');
    expect(included.said).toContain("lost 'matrix: os, node': only the first value of each was taken");
    expect(included.said).toContain(
      "lost 'timeout-minutes: ${{ matrix.limit }}': only a value that stands there is taken",
    );
    const nested = of('{on: [{name: a}], exclude: [{on: b}]}', '${{ matrix.on }}');
    expect(nested.scripts[0]?.text).toContain('${{ matrix.on }}');
    expect(nested.said).toContain("lost 'matrix: exclude': combinations are not made here");
    expect(of('"${{ fromJSON(needs.x.outputs.m) }}"', 'a').said).toContain(
      "lost 'matrix: ${{ fromJSON(needs.x.outputs.m) }}': its values are only known there: the job stands here once",
    );
  });

  it('names what an action was given', () => {
    const plan = planOf(
      'a.yml',
      'on: push\njobs: {a: {steps: [{uses: actions/setup-node@v4, with: {node-version: 24, cache: npm}}]}}',
    );
    expect(plan.said).toContain(
      "lost 'uses: actions/setup-node@v4 (node-version, cache)': an action of GitHub does not run here",
    );
  });
});

describe('a workflow of n8n', () => {
  const flow = (nodes: readonly object[], connections: object, settings: object = {}) =>
    planOf('f.json', JSON.stringify({ name: 'f', nodes, connections, settings }));
  const node = (name: string, type: string, parameters: object = {}, more: object = {}) => ({
    ...{ name, type: `n8n-nodes-base.${type}`, parameters },
    ...more,
  });
  const to = (...targets: readonly (readonly string[])[]) => ({
    main: targets.map((names) => names.map((one) => ({ node: one, type: 'main', index: 0 }))),
  });

  it('never runs what stands behind an error, and says which ways it does not know', () => {
    const plan = flow(
      [
        node('Go', 'manualTrigger'),
        node('Ask', 'httpRequest', { url: 'https://a.example' }, { onError: 'continueErrorOutput' }),
        node('Fine', 'noOp'),
        node('Broken', 'noOp'),
        node('Switch', 'switch'),
        node('One', 'noOp'),
        node('Two', 'noOp'),
        node('Note', 'stickyNote', { content: '## Read me' }),
      ],
      { Go: to(['Ask']), Ask: to(['Fine'], ['Broken']), Fine: to(['Switch']), Switch: to(['One'], ['Two']) },
      { executionTimeout: 60, errorWorkflow: 'w7' },
    );
    const conditions = Object.fromEntries(plan.steps.map(({ title, block }) => [title, block['condition']]));
    expect(conditions).toMatchObject({ Broken: 'false', Fine: undefined });
    expect(plan.execution).toEqual({ timeout: '60s' });
    for (const lost of ['Note: ## Read me', 'Switch → Two', 'errorWorkflow: w7', 'Ask', 'Switch'])
      expect(
        plan.said.some((one) => one.startsWith(`lost '${lost}':`)),
        lost,
      ).toBe(true);
  });

  it('names each part of a request, of a set and of a start that is not taken along', () => {
    const plan = flow(
      [
        node('Never', 'scheduleTrigger'),
        node('Form', 'httpRequest', {
          ...{ url: 'https://a.example', method: 'POST', sendBody: true, contentType: 'form-urlencoded' },
          ...{
            specifyHeaders: 'json',
            jsonHeaders: '{"x":1}',
            options: { timeout: 5, redirect: {} },
            sendQuery: false,
          },
        }),
        node('Raw', 'set', { mode: 'raw', jsonOutput: '={{ $json }}' }),
        node('More', 'set', { includeOtherFields: true, assignments: { assignments: [{ name: 'a', value: 1 }] } }),
      ],
      { Never: to(['Form']), Form: to(['Raw']), Raw: to(['More']) },
    );
    expect(plan.said.filter((one) => one.startsWith('lost')).map((one) => one.split("'")[1])).toEqual([
      'Never',
      'Form: contentType (form-urlencoded)',
      'Form: specifyHeaders (json)',
      'Form: jsonHeaders ({"x":1})',
      'Form: options (timeout, redirect)',
      'Raw',
      'More',
    ]);
  });
});

it('a recipe of Goose names each of its sub-recipes with what they are given, and what only Goose fills in', () => {
  const plan = planOf(
    'r.yaml',
    'title: Ship\nprompt: "Read {{ recipe_dir }}/notes.md"\nsub_recipes:\n  - {name: lint, path: ./lint.yaml, values: {level: strict}}\n  - {name: test, path: ./test.yaml}\n',
  );
  expect(plan.said.map((one) => one.split("'")[1])).toEqual([
    'sub_recipe lint (./lint.yaml, level: strict)',
    'sub_recipe test (./test.yaml)',
    'prompt: recipe_dir',
  ]);
});

describe('a command of Claude Code', () => {
  it('gives what it quotes its arguments as values, never as a piece of the command', () => {
    const plan = planOf(
      'review.md',
      '---\nargument-hint: [pr] [focus]\neffort: high\n---\nDiff: !`printf "%s|%s" "$1" "$ARGUMENTS"`\nFocus on $ARGUMENTS[1] in ${CLAUDE_PLUGIN_ROOT}.\n',
    );
    expect(Object.keys(plan.inputs).sort()).toEqual(['argument_1', 'argument_2', 'arguments']);
    expect(plan.inputs['argument_1']).toMatchObject({ description: '[pr] [focus]' });
    expect(plan.steps[0]?.block['inputs']).toEqual({
      argument_1: '{{ inputs.argument_1 }}',
      arguments: '{{ inputs.arguments }}',
    });
    const hostile = '$(touch owned)"; exit 7';
    expect(runs(plan.scripts[0]?.text, [`--argument_1=${hostile}`, '--arguments=a b'])).toBe(`${hostile}|a b`);
    expect(JSON.stringify(plan.steps[1]?.block['inputs'])).toContain('Focus on {{ inputs.argument_2 }}');
    expect(plan.said.filter((one) => one.startsWith('lost')).map((one) => one.split("'")[1])).toEqual([
      'effort',
      '${CLAUDE_PLUGIN_ROOT}',
    ]);
  });

  it('whose front cannot be read is refused by its line, and not read in part', () => {
    const text = '---\nargument-hint: [a] [b]\nmodel: "opus\n---\nDo $1\n';
    expect(() => convertForeign(Buffer.from(text), { name: 'c.md', timezone: 'UTC' })).toThrow(/cannot be read/);
  });

  it('is none where the front of a text has keys of another program', () => {
    const post = '---\ntitle: A post\ndescription: d\n---\nCosts $1 and $ARGUMENTS\n';
    expect(convertForeign(Buffer.from(post), { name: 'post.md', timezone: 'UTC' })).toBeNull();
  });
});
