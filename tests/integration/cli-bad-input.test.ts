import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CliWorld, openCliWorld, workflowText } from '../support/run-cli.ts';

/** SPEC §13 and the table of bad inputs: one clear error each, with code, place and what to do, and nothing half done. */
interface Case {
  readonly what: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly args: readonly string[];
  readonly exitCode?: number;
  readonly code: string;
  readonly says: RegExp;
  /** What the place must name. */
  readonly place?: readonly RegExp[];
  readonly tip?: RegExp;
}

const LOG = ['action: workflow.log', 'inputs: {message: hello}'];
const INPUT = ['inputs:', '  count: {type: integer, required: true, description: How many}'];
const TOOLS =
  'tools:\n  - name: probe\n    script: tools/probe.mjs\n    operations:\n      read: {description: Reads, parameters: {path: {type: string, required: true}}}\n';
const PROBE = '#!/usr/bin/env node\nconsole.log("{}");\n';
const bundle = (name: string, step: readonly string[]): Readonly<Record<string, string>> => ({
  [`${name}/workflow.md`]: workflowText(name, [step]),
  [`${name}/tools.yaml`]: TOOLS,
  [`${name}/tools/probe.mjs`]: PROBE,
});

const CASES: readonly Case[] = [
  {
    what: 'a missing file',
    args: ['run', 'nowhere.md'],
    code: 'workflow.not_found',
    says: /^Workflow not found: nowhere\.md$/,
    tip: /./,
  },
  {
    what: 'an unknown id',
    args: ['run', 'nothing-of-that-name'],
    code: 'workflow.not_found',
    says: /nothing-of-that-name/,
    tip: /./,
  },
  {
    what: 'a folder without a workflow',
    files: { 'empty/notes.txt': 'x' },
    args: ['run', './empty'],
    code: 'bundle.no_workflow',
    says: /No workflow file found/,
  },
  {
    what: 'bad YAML in a step',
    files: { 'bad-yaml.md': workflowText('bad-yaml', [['action: workflow.log', 'inputs: {message: [1, 2}']]) },
    args: ['run', 'bad-yaml.md'],
    code: 'workflow.invalid_yaml',
    says: /^Failed to parse workflow: /,
    place: [/bad-yaml\.md/, /"line":\d+/],
    tip: /./,
  },
  {
    what: 'an unknown tool',
    files: bundle('no-tool', ['action: prob.read', 'inputs: {path: a}']),
    args: ['run', 'no-tool'],
    code: 'workflow.invalid',
    says: /Validation failed/,
    place: [/prob/, /"line":\d+/],
    tip: /./,
  },
  {
    what: 'an unknown operation',
    files: bundle('no-operation', ['action: probe.reed', 'inputs: {path: a}']),
    args: ['run', 'no-operation'],
    code: 'workflow.invalid',
    says: /Validation failed/,
    place: [/reed/, /"line":\d+/],
    tip: /./,
  },
  {
    what: 'an unknown parameter',
    files: bundle('no-parameter', ['action: probe.read', 'inputs: {path: a, pth: b}']),
    args: ['run', 'no-parameter'],
    code: 'workflow.invalid',
    says: /Validation failed/,
    place: [/pth/, /"line":\d+/],
    tip: /./,
  },
  {
    what: 'a missing input',
    files: { 'needs-input.md': workflowText('needs-input', [LOG], INPUT) },
    args: ['run', 'needs-input.md'],
    code: 'input.required',
    says: /count/,
    tip: /./,
  },
  {
    what: 'an input of the wrong type',
    files: { 'typed.md': workflowText('typed', [LOG], INPUT) },
    args: ['run', 'typed.md', '-i', 'count=many'],
    code: 'input.invalid',
    says: /count/,
    tip: /./,
  },
  {
    what: 'an unknown input',
    files: { 'known.md': workflowText('known', [LOG], INPUT) },
    args: ['run', 'known.md', '-i', 'count=1', '-i', 'cuont=2'],
    code: 'input.unknown',
    says: /cuont/,
    tip: /./,
  },
  {
    what: 'needs that go round',
    files: {
      'round.md': workflowText('round', [
        ['id: one', ...LOG, 'needs: [two]'],
        ['id: two', ...LOG, 'needs: [one]'],
      ]),
    },
    args: ['run', 'round.md'],
    code: 'workflow.invalid',
    says: /Validation failed/,
    place: [/one|two/, /"line":\d+/],
    tip: /./,
  },
  {
    what: 'an id that stands twice',
    files: {
      'twice.md': workflowText('twice', [
        ['id: same', ...LOG],
        ['id: same', ...LOG],
      ]),
    },
    args: ['run', 'twice.md'],
    code: 'workflow.invalid',
    says: /Validation failed/,
    place: [/same/, /"line":\d+/],
    tip: /./,
  },
  {
    what: 'a script with neither shebang nor known extension',
    files: {
      'no-shebang/workflow.md': workflowText('no-shebang', [['action: probe.run']]),
      'no-shebang/tools.yaml': 'tools:\n  - {name: probe, script: tools/probe}\n',
      'no-shebang/tools/probe': 'echo hello\n',
    },
    args: ['run', 'no-shebang'],
    code: 'workflow.invalid',
    says: /Validation failed/,
    place: [/Script not executable and no shebang: probe/],
  },
  {
    what: 'a key that does not go with the kind of its step',
    files: { 'all.md': workflowText('all', [['wait: 1s', 'timeout: 5s']]) },
    args: ['run', 'all.md'],
    code: 'engine.unsupported',
    says: /timeout/,
    place: [/"line":\d+/],
    tip: /./,
  },
  {
    what: 'an input without =',
    args: ['run', 'x.md', '-i', 'count'],
    exitCode: 2,
    code: 'usage.invalid',
    says: /count/,
    tip: /key|name=value/,
  },
  {
    what: 'bad JSON after :=',
    args: ['run', 'x.md', '-i', 'count:={'],
    exitCode: 2,
    code: 'usage.invalid',
    says: /count/,
  },
  {
    what: 'a bad duration',
    args: ['run', 'x.md', '--timeout', 'soon'],
    exitCode: 2,
    code: 'usage.invalid',
    says: /--timeout/,
    tip: /30s/,
  },
  {
    what: 'an unknown option',
    args: ['run', 'x.md', '--dryrun'],
    exitCode: 2,
    code: 'usage.invalid',
    says: /--dryrun/,
    tip: /--dry-run/,
  },
  {
    what: 'an unknown command',
    args: ['workflw'],
    exitCode: 2,
    code: 'usage.invalid',
    says: /workflw/,
    tip: /workflow/,
  },
  {
    what: 'an unknown command of a group',
    args: ['runs', 'shwo'],
    exitCode: 2,
    code: 'usage.invalid',
    says: /shwo/,
    tip: /show/,
  },
  { what: '-h, which is no option', args: ['run', '-h'], exitCode: 2, code: 'usage.invalid', says: /-h/ },
  { what: 'no command', args: [], exitCode: 2, code: 'usage.invalid', says: /No command/ },
  { what: 'a group alone', args: ['workflow'], exitCode: 2, code: 'usage.invalid', says: /No command/ },
  { what: 'run without a workflow', args: ['run'], exitCode: 2, code: 'usage.invalid', says: /workflow/ },
  {
    what: 'an unknown run',
    args: ['runs', 'show', 'nothing'],
    code: 'run.not_found',
    says: /^Run not found: nothing$/,
    tip: /./,
  },
  {
    what: 'a run id that none can have',
    args: ['runs', 'log', '../x'],
    code: 'run.not_found',
    says: /^Run not found: \.\.\/x$/,
  },
  {
    what: 'a limit that is no number',
    args: ['runs', 'list', '--limit', 'all'],
    exitCode: 2,
    code: 'usage.invalid',
    says: /--limit/,
  },
  {
    what: 'an unknown status',
    args: ['runs', 'list', '--status', 'done'],
    exitCode: 2,
    code: 'usage.invalid',
    says: /done/,
    tip: /completed/,
  },
  {
    what: 'a missing inputs file',
    args: ['run', 'x.md', '--inputs-file', 'no.yaml'],
    code: 'file.not_found',
    says: /no\.yaml/,
  },
  {
    what: 'an inputs file that is a list',
    files: { 'list.yaml': '- 1\n' },
    args: ['run', 'x.md', '--inputs-file', 'list.yaml'],
    code: 'input.invalid',
    says: /list\.yaml/,
  },
  {
    what: 'a project folder that is not there',
    args: ['runs', 'list', '--project', 'nowhere'],
    code: 'project.not_found',
    says: /nowhere/,
    tip: /init/,
  },
  {
    what: 'another user',
    args: ['runs', 'list', '--user', 'somebody-else'],
    exitCode: 4,
    code: 'access.denied',
    says: /somebody-else/,
  },
  {
    what: 'serving other machines',
    args: ['serve', '--host', '0.0.0.0'],
    exitCode: 2,
    code: 'usage.invalid',
    says: /0\.0\.0\.0/,
  },
];

// Every step of these tests is a process of its own: on a loaded machine that takes its time.
let world: CliWorld;
beforeAll(async () => {
  world = await openCliWorld();
});
afterAll(() => world.dispose());

it.each([[['help']], [['help', 'runs']], [['runs', 'help', 'show']]])('%j is help, and no error', async (args) => {
  const { exitCode, stdout } = await world.run(...args);
  expect([exitCode, stdout.split('\n')[0]]).toEqual([0, expect.stringMatching(/^Usage: aiworkflow .*options/)]);
});

describe('bad input', () => {
  for (const one of CASES) {
    it(`${one.what}: ${one.code}`, async () => {
      world.write(one.files ?? {});
      const result = await world.run('--json', ...one.args);
      const value = result.json<{ error: string; code: string; suggestion?: string }>();
      expect(value.code, result.stdout).toBe(one.code);
      expect(value.error).toMatch(one.says);
      expect(result.exitCode).toBe(one.exitCode ?? 1);
      expect(result.stderr).toBe('');
      for (const place of one.place ?? []) expect(JSON.stringify(value), result.stdout).toMatch(place);
      if (one.tip !== undefined) expect(value.suggestion ?? JSON.stringify(value)).toMatch(one.tip);
    });
  }

  it('says the same to people: Error, place, Tip and Code on stderr, nothing on stdout', async () => {
    world.write(bundle('for-people', ['action: probe.reed', 'inputs: {path: a}']));
    const result = await world.run('run', 'for-people');
    expect(result.exitCode).toBe(1);
    expect(result.stdout).toBe('');
    expect(result.stderr).toMatch(/^Error: Validation failed\n {2}\S*workflow\.md:\d+.*reed/);
    expect(result.stderr).toMatch(/\nTip: /);
    expect(result.stderr).toMatch(/\nCode: workflow\.invalid\n$/);
  });

  it('has left no run behind', async () => {
    expect((await world.run('runs', 'list', '--json')).json()).toEqual({ runs: [], count: 0 });
  });
});

describe('scripts that misbehave', () => {
  const start = async (
    name: string,
    script: string,
    more: readonly string[] = [],
  ): Promise<{ exitCode: number | null; error: string; code: string; status: string }> => {
    world.write({
      [`${name}/workflow.md`]: workflowText(name, [['action: probe.run', 'retry: {max_retries: 0}', ...more]]),
      [`${name}/tools/probe.mjs`]: script,
    });
    const result = await world.run('--json', 'run', name);
    return { ...result.json<{ error: string; code: string; status: string }>(), exitCode: result.exitCode };
  };

  it('one that prints 100 MB ends with one error', async () => {
    const outcome = await start(
      'floods',
      `#!/usr/bin/env node\nconst block = 'x'.repeat(1024 * 1024);\nfor (let i = 0; i < 100; i += 1) if (!process.stdout.write(block)) await new Promise((go) => process.stdout.once('drain', go));\n`,
    );
    expect(outcome).toMatchObject({
      exitCode: 1,
      code: 'step.failed',
      details: { code: 'tool.output_too_large' },
      status: 'failed',
    });
  });

  it('one that hangs is ended by its timeout', async () => {
    const outcome = await start('hangs', '#!/usr/bin/env node\nsetInterval(() => undefined, 1000);\n', ['timeout: 1s']);
    expect(outcome).toMatchObject({
      exitCode: 1,
      code: 'step.failed',
      details: { code: 'tool.timed_out' },
      status: 'failed',
    });
  });

  if (process.platform === 'win32')
    console.log('skipped: the script begins with a shebang, which Windows does not know');
  it.skipIf(process.platform === 'win32')(
    'one that forks leaves no process behind',
    async () => {
      const marker = `aiw-fork-${process.pid}`;
      const fork = `#!/usr/bin/env node\nimport { spawn } from 'node:child_process';\nspawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)', '${marker}'], { detached: true, stdio: 'ignore' }).unref();\nsetInterval(() => undefined, 1000);\n`;
      const outcome = await start('forks', fork, ['timeout: 1s']);
      expect(outcome).toMatchObject({ exitCode: 1, details: { code: 'tool.timed_out' } });
      expect(listProcesses()).not.toContain(marker);
    },
    60_000,
  );

  it('and their runs are whole: ended, with an error', async () => {
    const { runs } = (await world.run('runs', 'list', '--json')).json<{
      runs: { status: string; completed_at: string | null; error: unknown }[];
    }>();
    expect(runs.length).toBeGreaterThan(0);
    for (const run of runs) {
      expect(run.status).toBe('failed');
      expect(run.completed_at).not.toBeNull();
      expect(run.error).not.toBeNull();
    }
  });
});

function listProcesses(): string {
  return execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' });
}
