import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createProcessRunner, type ProcessRunner } from '../../processes/index.ts';
import { systemClock } from '../../time/index.ts';
import { createCatalog, createScriptTool, discoverScriptTools, type Tool, type ToolCall } from '../index.ts';

const MANIFEST = `
tools:
  - name: multi
    timeout: 20s
    operations:
      show: {parameters: {n: {type: integer, required: true}, flag: {type: boolean, default: true}, note: }, timeout: 5s, read_only: true}
      send: {idempotent: false}
`;
const ECHO = 'import json, sys\nprint(json.dumps({"args": sys.argv[1:], "stdin": sys.stdin.read()}))\n';

let dir: string;
let runner: ProcessRunner;
let catalog: ReturnType<typeof createCatalog>;
let attempts = 0;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'aiw-tool-'));
  mkdirSync(join(dir, 'tools'));
  const put = (name: string, text: string, mode = 0o644): void => {
    writeFileSync(join(dir, name), text);
    chmodSync(join(dir, name), mode);
  };
  put('tools.yaml', MANIFEST);
  put('tools/multi.py', ECHO);
  put('tools/single.py', ECHO);
  put('tools/sh', '#!/usr/bin/env bash\neval "$AIWORKFLOW_PARAM"\n', 0o755);
  put('tools/copied', '#!/bin/bash\necho "copied $1"\n');
  put('tools/typed.ts', 'const answer: number = 42;\nconsole.log(answer);\n');
  put(
    'tools/module.mjs',
    'import { basename } from "node:path";\nconsole.log(JSON.stringify(basename(process.cwd())));\n',
  );
  runner = createProcessRunner({ clock: systemClock, stateDir: join(dir, 'state') });
  const { tools } = await discoverScriptTools(dir, { toolsDir: 'tools' });
  catalog = createCatalog(tools.map((tool) => createScriptTool(tool, { runner })));
});
afterAll(async () => {
  await runner.close();
  rmSync(dir, { recursive: true, force: true });
});

function tool(name: string): Tool {
  const found = catalog.get(name);
  if (found === undefined) throw new Error(`no tool ${name}`);
  return found;
}

function call(extra: Partial<ToolCall> = {}): ToolCall {
  attempts += 1;
  return {
    ...{ operation: 'run', inputs: {}, runId: 'run', stepId: 'step', path: 'step', attempt: attempts, stepNow: 0 },
    ...{ stepKey: `tool-${process.pid}-${attempts}-${'t'.repeat(20)}`, timeoutMs: 20_000, workDir: dir, runDir: dir },
    ...{ env: {}, signal: new AbortController().signal, log: () => {} },
    ...extra,
  };
}
/** Runs a line of bash through the tool `sh`. */
const bash = (script: string, extra: Partial<ToolCall> = {}): ToolCall =>
  call({ env: { AIWORKFLOW_PARAM: script }, ...extra });

test('the catalog knows its tools by name', () => {
  expect(catalog.names()).toEqual(['copied', 'module', 'multi', 'sh', 'single', 'typed']);
  expect(catalog.get('nothing')).toBeUndefined();
  expect(tool('multi')).toMatchObject({ category: 'script', operations: ['show', 'send'] });
});

test('what the engine must know: effect, repeatability, timeout', () => {
  expect(tool('multi').traits('show')).toEqual({
    effect: 'idempotent',
    readOnly: true,
    repeatable: true,
    timeoutMs: 5000,
  });
  expect(tool('multi').traits('send')).toEqual({ effect: 'effect', repeatable: false, timeoutMs: 20_000 });
  expect(tool('single').traits('anything')).toEqual({ effect: 'effect', repeatable: false, timeoutMs: 300_000 });
  expect(() => tool('multi').traits('sned')).toThrow('Unknown operation: sned. Available: [show, send]');
});

test('check: templates are any value, the rest is checked', () => {
  const multi = tool('multi');
  expect(multi.check('show', { n: '{{ x }}', note: '{inputs.note}' })).toEqual([]);
  expect(multi.check('show', { nn: 1 }).map(({ code, message }) => `${code} ${message}`)).toEqual([
    'tool.invalid_params Unknown parameter: nn',
    'tool.invalid_params Required parameter not provided: n',
  ]);
  expect(multi.check('sned', {})).toMatchObject([{ severity: 'error', code: 'tool.unknown_operation' }]);
  expect(multi.check('send', { anything: 1 })).toEqual([]);
});

test('operation argument only where there is one', async () => {
  const multi = await tool('multi').execute(call({ operation: 'show', inputs: { n: '5', flag: false, extra: null } }));
  expect(multi.output).toEqual({ args: ['show', '--n=5', '--no-flag'], stdin: '' });
  expect(multi.warnings).toMatchObject([{ code: 'tool.parameter_dropped' }]);
  expect((await tool('single').execute(call())).output).toEqual({ args: [], stdin: '' });
  expect((await tool('single').execute(call({ operation: 'other', inputs: { a: 1 } }))).output).toEqual({
    args: ['other', '--a=1'],
    stdin: '',
  });
});

test('too much for a command line goes to stdin', async () => {
  const text = 'ü'.repeat(100_000);
  const { output } = await tool('single').execute(call({ inputs: { text, flag: false } }));
  expect(output).toEqual({ args: [], stdin: JSON.stringify({ text, flag: false }) });
});

test('a copy that lost its exec bit, TypeScript, modules; the bundle is the working folder', async () => {
  expect((await tool('copied').execute(call({ operation: 'x' }))).output).toBe('copied x');
  expect((await tool('typed').execute(call())).output).toBe(42);
  expect((await tool('module').execute(call())).output).toBe(dir.split('/').at(-1));
});

test('results, live lines, failures', async () => {
  const lines: string[] = [];
  const log: ToolCall['log'] = (stream, text) => lines.push(`${stream}: ${text}`);
  expect((await tool('sh').execute(bash('echo one; echo two >&2; echo 3', { log }))).output).toBe('one\n3');
  expect(lines.toSorted()).toEqual(['stderr: two', 'stdout: 3', 'stdout: one']);
  await expect(tool('sh').execute(bash('echo err >&2; exit 3'))).rejects.toMatchObject({
    message: 'Script failed with exit code 3: err',
  });
  await expect(tool('sh').execute(bash('sleep 60', { timeoutMs: 300 }))).rejects.toMatchObject({
    message: 'Script timed out after 0.3 seconds',
  });
  await expect(tool('sh').execute(bash('yes'))).rejects.toMatchObject({ code: 'tool.output_too_large' });
  const abort = new AbortController();
  const cancelled = tool('sh').execute(bash('echo up; sleep 60', { signal: abort.signal, log: () => abort.abort() }));
  await expect(cancelled).rejects.toMatchObject({ code: 'run.cancelled' });
  await expect(tool('sh').execute(call({ workDir: join(dir, 'gone') }))).rejects.toMatchObject({
    code: 'tool.spawn_failed',
  });
  await expect(tool('sh').execute(call({ env: { 'A=B': 'x' } }))).rejects.toMatchObject({
    code: 'tool.invalid_params',
  });
});

test('recover gives the result that execute gave, from the record alone', async () => {
  const sh = tool('sh');
  const done = bash('echo \'{"a": 1}\'');
  const result = await sh.execute(done);
  expect(await sh.recover?.(done)).toEqual({ kind: 'completed', result });
  const failing = bash('echo err >&2; exit 4');
  await expect(sh.execute(failing)).rejects.toThrow();
  expect(await sh.recover?.(failing)).toMatchObject({
    kind: 'failed',
    error: { code: 'tool.script_failed', details: { exit_code: 4 } },
  });
});
