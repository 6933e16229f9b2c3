import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CliWorld, openCliWorld } from '../support/run-cli.ts';

/** Scripts as people write them (`README.md` names the reports): through the command line, as they would run them. */
let world: CliWorld;
beforeAll(async () => {
  world = await openCliWorld();
});
afterAll(() => world.dispose());

const step = (title: string, ...lines: readonly string[]): string =>
  `## Step ${title}\n\n\`\`\`yaml\n${lines.join('\n')}\n\`\`\`\n`;

/** A bundle with tools, and a workflow whose last step hands on `outputs`. */
function bundle(name: string, tools: Readonly<Record<string, string>>, steps: readonly string[], outputs = ''): void {
  const last = outputs === '' ? [] : [step('9: Hand on', 'action: workflow.set_outputs', `inputs: ${outputs}`)];
  world.write({
    [`${name}/workflow.md`]: `---\nworkflow: {id: ${name}, name: ${name}}\n---\n# Flow\n${[...steps, ...last].join('\n')}`,
    ...Object.fromEntries(Object.entries(tools).map(([file, text]) => [`${name}/tools/${file}`, text])),
  });
}

interface Report {
  readonly success: boolean;
  readonly error?: string;
  readonly run_id: string;
  readonly outputs: Readonly<Record<string, unknown>>;
}

const run = async (name: string): Promise<Report> => (await world.run('--json', 'run', `./${name}`)).json<Report>();
const show = async (runId: string): Promise<string> => (await world.run('--json', 'runs', 'show', runId)).stdout;
const logOf = async (runId: string): Promise<readonly string[]> =>
  (await world.run('--json', 'runs', 'log', runId)).json<{ lines: { text: string }[] }>().lines.map(({ text }) => text);

const FIND = `print('{"id": 1182937465019283746, "name": "Ann"}')\n`;
const ARGS = 'import sys, json\nprint(json.dumps({"args": sys.argv[1:]}))\n';

test('an id that no double can hold goes on digit for digit', async () => {
  bundle(
    'big_id',
    { 'find.py': FIND, 'remove.py': ARGS },
    [
      step('1: Find', 'action: find.run', 'output_variable: found'),
      step(
        '2: Remove',
        'action: remove.run',
        'inputs: {id: "{{ found.id }}", label: "member {{ found.id }}"}',
        'output_variable: removed',
      ),
    ],
    '{removed: "{{ removed.args }}"}',
  );
  const report = await run('big_id');
  expect(report.outputs.removed).toEqual(['--id=1182937465019283746', '--label=member 1182937465019283746']);
  expect(await show(report.run_id)).toContain('id: 1182937465019283746 is kept as text');
});

test('an id for a parameter that is declared an integer arrives whole, also over stdin', async () => {
  const stdin = 'import sys, json\ndata = json.loads(sys.stdin.read())\nprint(json.dumps(str(data["id"] + 1)))\n';
  world.write({
    'typed_id/tools.yaml': [
      'tools:',
      '  - {name: next, operations: {of: {parameters: {id: {type: integer, required: true}, text: {type: string}}}}}',
    ].join('\n'),
  });
  bundle(
    'typed_id',
    {
      'find.py': FIND,
      'next.py': `import os\nif os.environ.get("AIWORKFLOW_INPUT") != "stdin": raise SystemExit("no stdin")\n${stdin}`,
    },
    [
      step('1: Find', 'action: find.run', 'output_variable: found'),
      step(
        '2: Next',
        'action: next.of',
        `inputs: {id: "{{ found.id }}", text: "${'x'.repeat(110_000)}"}`,
        'output_variable: next',
      ),
    ],
    '{next: "{{ next }}!"}',
  );
  expect((await run('typed_id')).outputs).toEqual({ next: '1182937465019283747!' });
});

test('the mean of nothing costs itself alone, not the whole answer', async () => {
  const stats = 'import json\nprint(json.dumps({"count": 3, "mean": float("nan"), "highest": 9}))\n';
  bundle(
    'nan',
    { 'stats.py': stats },
    [step('1: Count', 'action: stats.run', 'output_variable: stats')],
    '{count: "{{ stats.count }}", highest: "{{ stats.highest }}"}',
  );
  const report = await run('nan');
  expect(report.outputs).toEqual({ count: 3, highest: 9 });
  expect(await show(report.run_id)).toContain('mean: NaN is no number that can be kept; it became null');
});

test('a printed Python dict is text, with a warning that it looks like JSON', async () => {
  bundle(
    'repr',
    { 'stats.py': 'print({"count": 3})\n' },
    [step('1: Count', 'action: stats.run', 'output_variable: stats')],
    '{got: "{{ stats }}"}',
  );
  const report = await run('repr');
  expect(report.outputs).toEqual({ got: "{'count': 3}" });
  expect(await show(report.run_id)).toContain('The output looks like JSON, but it is none: it is kept as text');
});

test('what Python printed is there when it is killed, and what it printed without a line end too', async () => {
  const slow =
    'import time\nfor number in range(1, 100):\n    print(f"row {number} done")\n    print(f"row {number + 1}", end="")\n    time.sleep(30)\n';
  bundle('live_log', { 'slow.py': slow }, [step('1: Work', 'action: slow.run', 'timeout: 3s')]);
  const report = await run('live_log');
  expect(report.error).toBe("Step 'step_1' failed: Script timed out after 3 seconds");
  expect(await logOf(report.run_id)).toEqual(['row 1 done', 'row 2']);
});

test('a progress bar is one line, what it was last', async () => {
  const bar = 'for i in 10 55 100; do printf "\\r%s%%" $i >&2; sleep 0.3; done; printf "\\n" >&2; echo done';
  bundle('bar', { 'bar.sh': `#!/bin/bash\n${bar}\n` }, [step('1: Work', 'action: bar.run')]);
  const report = await run('bar');
  expect((await logOf(report.run_id)).toSorted()).toEqual(['100%', 'done']);
});

test('a prompt without a line end is shown while the script waits, and its answer when it comes', async () => {
  const file = join(world.home, 'go');
  const ask = `printf "Continue? "; while [ ! -f "${file}" ]; do sleep 0.1; done; echo yes; echo done`;
  bundle('prompt', { 'ask.sh': `#!/bin/bash\n${ask}\n` }, [step('1: Ask', 'action: ask.run')]);
  const running = world.start('run', './prompt', '--verbose');
  await running.says('Continue?');
  writeFileSync(file, '');
  const { stderr, exitCode } = await running.ended;
  expect(`${exitCode} ${stderr}`).toMatch(/^0 [\s\S]*\| Continue\? *\n[\s\S]*\| Continue\? yes\n[\s\S]*\| done\n/);
});

describe('a failure', () => {
  const stepOf = async (name: string) => {
    const report = await run(name);
    const steps = JSON.parse(await show(report.run_id)) as {
      step_results: { error: { message: string; details: Record<string, string> } }[];
    };
    return { report, error: steps.step_results[0]?.error };
  };

  test('names its cause in one line, however much was printed before it; both ends are kept', async () => {
    const flood =
      'import sys\nfor i in range(15000): print("noise", i, "x" * 800, file=sys.stderr)\nprint("FATAL: certificate expired", file=sys.stderr)\nsys.exit(3)\n';
    bundle('flood', { 'flood.py': flood }, [step('1: Send', 'action: flood.run')]);
    const { report, error } = await stepOf('flood');
    expect(report.error).toBe("Step 'step_1' failed: Script failed with exit code 3: FATAL: certificate expired");
    expect(error?.details.stderr).toMatch(/FATAL: certificate expired$/);
    const lines = await logOf(report.run_id);
    expect(lines).toHaveLength(15_001);
    expect([lines[0]?.slice(0, 7), lines.at(-1)]).toEqual(['noise 0', 'FATAL: certificate expired']);
  });

  test('of a Node script is its error, not the version of Node; lines are never glued together', async () => {
    bundle('crash', { 'crash.mjs': 'console.log("sent 3");\nthrow new Error("no route to host");\n' }, [
      step('1: Send', 'action: crash.run'),
    ]);
    const { report, error } = await stepOf('crash');
    expect(report.error).toBe("Step 'step_1' failed: Script failed with exit code 1: Error: no route to host");
    expect(error?.details).toMatchObject({ stdout: 'sent 3' });
    expect(error?.details.stderr).toContain('\n    at ');
  });
});

test('a step ends with its script, not with what it left running', async () => {
  bundle(
    'background',
    { 'start.sh': '#!/bin/sh\nnohup sleep 300 &\necho \'{"started": true}\'\n' },
    [step('1: Start', 'action: start.run', 'output_variable: got')],
    '{got: "{{ got }}"}',
  );
  expect((await run('background')).outputs).toEqual({ got: { started: true } });
});
