import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createProcessRunner, type ProcessRunner } from '../../src/core/processes/index.ts';
import { systemClock } from '../../src/core/time/index.ts';
import { createScriptTool, discoverScriptTools, type ToolCall } from '../../src/core/tools/index.ts';
import type { JsonMap } from '../../src/shared/json.ts';

/** QUALITY "child environment": exactly the declared variables. */
const MANIFEST = `
tools:
  - name: probe
    env: {TOOL_VALUE: from tool, SHARED: tool, AIWORKFLOW_STEP_KEY: forged}
    pass_env: [PASSED, SHARED_PASSED, NOT_SET_ANYWHERE]
    operations:
      show:
        parameters:
          plain: {type: string}
          api-key: {type: string, secret: true}
`;
const PROBE = `#!/usr/bin/env -S python3 -I -S
import json, sys
pairs = [e.decode().split('=', 1) for e in open('/proc/self/environ', 'rb').read().split(b'\\0') if e]
print(json.dumps({'env': dict(pairs), 'argv': sys.argv[1:], 'cmdline': open('/proc/self/cmdline').read()}))
`;
const SECRETS = {
  SECRET_TOKEN: 'planted-1',
  NODE_OPTIONS: '--no-warnings',
  LD_PRELOAD: '',
  PASSED: 'yes',
  SHARED_PASSED: 'host',
  LC_TIME: 'C',
  TZ: 'UTC',
};

let dir: string;
let runner: ProcessRunner;
const before = { ...process.env };

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'aiw-env-'));
  mkdirSync(join(dir, 'bundle', 'tools'), { recursive: true });
  writeFileSync(join(dir, 'bundle', 'tools.yaml'), MANIFEST);
  writeFileSync(join(dir, 'bundle', 'tools', 'probe'), PROBE);
  chmodSync(join(dir, 'bundle', 'tools', 'probe'), 0o755);
  Object.assign(process.env, SECRETS);
  // The real interpreter, not a version manager's wrapper, which would add variables of its own.
  process.env.PATH = '/usr/bin:/bin';
  runner = createProcessRunner({ clock: systemClock, stateDir: join(dir, 'state') });
});
afterAll(async () => {
  await runner.close();
  for (const name of Object.keys(SECRETS)) delete process.env[name];
  Object.assign(process.env, before);
  rmSync(dir, { recursive: true, force: true });
});

async function show(inputs: JsonMap, attempt: number) {
  const { tools, diagnostics } = await discoverScriptTools(join(dir, 'bundle'), { toolsDir: 'tools' });
  expect(diagnostics).toEqual([]);
  const [tool] = tools;
  if (tool === undefined) throw new Error('no probe');
  const call: ToolCall = {
    ...{ operation: 'show', inputs, runId: 'run-1', stepId: 'step_1', path: 'loop[0].step_1', attempt, stepNow: 0 },
    ...{ stepKey: 'k'.repeat(64), timeoutMs: 10_000, workDir: join(dir, 'bundle'), runDir: join(dir, 'files') },
    env: { BUNDLE_VALUE: 'from bundle', SHARED: 'bundle', TOOL_VALUE: 'bundle', SHARED_PASSED: 'bundle' },
    ...{ signal: new AbortController().signal, log: () => {} },
  };
  return (await createScriptTool(tool, { runner }).execute(call)).output as {
    readonly env: Record<string, string>;
    readonly argv: string[];
    readonly cmdline: string;
  };
}

if (process.platform !== 'linux') console.log('skipped: the environment of a process is read from /proc');
test.runIf(process.platform === 'linux')(
  'a script sees the declared variables, each from its strongest source, and no other',
  async () => {
    const { env, argv, cmdline } = await show({ plain: 'p', 'api-key': 'hush-hush' }, 1);
    const system = Object.fromEntries(
      Object.entries(process.env).filter(
        ([name]) => ['PATH', 'HOME', 'LANG', 'TZ', 'TMPDIR'].includes(name) || name.startsWith('LC_'),
      ),
    );
    expect(env).toEqual({
      ...system,
      PYTHONUNBUFFERED: '1',
      BUNDLE_VALUE: 'from bundle',
      SHARED: 'tool',
      TOOL_VALUE: 'from tool',
      PASSED: 'yes',
      SHARED_PASSED: 'host',
      AIWORKFLOW_PARAM_API_KEY: 'hush-hush',
      AIWORKFLOW_TOOL: 'probe',
      AIWORKFLOW_OPERATION: 'show',
      AIWORKFLOW_RUN_ID: 'run-1',
      AIWORKFLOW_STEP_ID: 'step_1',
      AIWORKFLOW_STEP_KEY: 'k'.repeat(64),
      AIWORKFLOW_RUN_DIR: join(dir, 'files'),
    });
    expect(argv).toEqual(['show', '--plain=p']);
    expect(cmdline).not.toContain('hush-hush');
  },
);

test.runIf(process.platform === 'linux')(
  'parameters on stdin add one variable, and the secret is not among them',
  async () => {
    const { env, argv, cmdline } = await show({ plain: 'x'.repeat(120_000), 'api-key': 'hush-hush' }, 2);
    expect(env.AIWORKFLOW_INPUT).toBe('stdin');
    expect(env.AIWORKFLOW_PARAM_API_KEY).toBe('hush-hush');
    expect(argv).toEqual(['show']);
    expect(cmdline).not.toContain('hush-hush');
  },
);
