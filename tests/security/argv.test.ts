import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createProcessRunner, type ProcessRunner } from '../../src/core/processes/index.ts';
import { systemClock } from '../../src/core/time/index.ts';
import { createScriptTool, discoverScriptTools, type Tool, type ToolCall } from '../../src/core/tools/index.ts';
import type { JsonMap } from '../../src/shared/json.ts';

/** QUALITY "script arguments": 2,000 hostile values echoed by a probe, byte-equal, no extra process, no extra option. */
const COUNT = 2000;
const SEED = Number(process.env.SEED ?? 20_260_122);
/** Prints its arguments as hex and how many processes carry the step's key: itself, and no other. */
const PYTHON_PROBE = `#!/usr/bin/env python3
import json, os, sys, glob
key = os.environb[b'AIWORKFLOW_STEP_KEY']
def carries(path):
    try: return key in open(path, 'rb').read()
    except OSError: return False
found = [p for p in glob.glob('/proc/[0-9]*/environ') if carries(p)]
print(json.dumps({'args': [os.fsencode(a).hex() for a in sys.argv[1:]], 'processes': len(found)}))
`;
const BASH_PROBE = `#!/bin/bash
for value in "$@"; do printf '%s' "$value" | od -An -v -tx1 | tr -d ' \\n'; echo; done
`;
const NODE_PROBE = `for (const value of process.argv.slice(2)) console.log(Buffer.from(value).toString('hex'));`;

const LISTED = [
  ...[
    '',
    ' ',
    '-',
    '--',
    '-rf',
    '--help',
    '--delete-all',
    '-c',
    '=',
    '==',
    '--a=b',
    '\n--evil=1',
    '\r\n--evil',
    '\t-x',
  ],
  ...[
    '; touch pwned',
    '&& touch pwned',
    '| touch pwned',
    '$(touch pwned)',
    '`touch pwned`',
    '> pwned',
    '\ntouch pwned\n',
    '\u0024{IFS}touch\u0024{IFS}pwned',
  ],
  ...[
    '$HOME',
    '\u0024{PATH}',
    '%PATH%',
    '!PATH!',
    '^&calc',
    '~',
    '~root',
    '*',
    '?',
    '[a-z]*',
    '{a,b}',
    '..',
    '../../etc/passwd',
    '/dev/null',
  ],
  ...[
    `'`,
    `"`,
    `'"'"'`,
    '\\',
    '\\\\',
    `\\'`,
    '\\"',
    '"; touch pwned; "',
    `'; touch pwned; '`,
    `$'\\x41'`,
    '#comment',
    '!!',
    '!$',
  ],
  ...['@file', '@/etc/passwd', '%s%n%x', '%00', '\\0', '\\x00', 'null', 'true', 'false', 'NaN', '-1', '1e999', '0x10'],
  ...[
    '\u0001',
    '\u0007',
    '\b',
    '\u001b[31m',
    '\u007f',
    '\u0085',
    '\u00a0',
    '\u00ad',
    '\u200b',
    '\u202e',
    '\u2028',
    '\ufeff',
    '\ufffd',
    '\uffff',
  ],
  ...[
    'é',
    'e\u0301',
    '日本語',
    '😀',
    '👩‍👩‍👧‍👦',
    '\u{10ffff}',
    'ﷺ',
    'ı',
    'ß',
    'x'.repeat(20_000),
    '--'.repeat(500),
    '"'.repeat(999),
  ],
  ...[
    '{{ 1 }}',
    '{% raw %}',
    '{inputs.a}',
    '<script>',
    '\u0024{jndi:ldap://x}',
    '__proto__',
    '() { :; }; touch pwned',
    'a\u000bb\u000cc',
  ],
];

let dir: string;
let runner: ProcessRunner;
let tools: ReadonlyMap<string, Tool>;
let attempts = 0;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'aiw-argv-'));
  mkdirSync(join(dir, 'bundle', 'tools'), { recursive: true });
  for (const [name, text] of [
    ['python', PYTHON_PROBE],
    ['bash', BASH_PROBE],
  ] as const) {
    writeFileSync(join(dir, 'bundle', 'tools', name), text);
    chmodSync(join(dir, 'bundle', 'tools', name), 0o755);
  }
  writeFileSync(join(dir, 'bundle', 'tools', 'node.mjs'), NODE_PROBE);
  runner = createProcessRunner({ clock: systemClock, stateDir: join(dir, 'state') });
  const found = await discoverScriptTools(join(dir, 'bundle'), { toolsDir: 'tools' });
  expect(found.diagnostics).toEqual([]);
  tools = new Map(found.tools.map((tool) => [tool.name, createScriptTool(tool, { runner })]));
});
afterAll(async () => {
  await runner.close();
  rmSync(dir, { recursive: true, force: true });
});

function call(inputs: JsonMap, operation = 'run'): ToolCall {
  attempts += 1;
  return {
    ...{ operation, inputs, runId: 'run', stepId: 'step', path: 'step', attempt: attempts, stepNow: 0 },
    ...{ stepKey: `argv-${process.pid}-${attempts}-${'a'.repeat(20)}`, timeoutMs: 20_000 },
    ...{ workDir: join(dir, 'bundle'), runDir: dir, env: {}, signal: new AbortController().signal, log: () => {} },
  };
}

async function execute(name: string, inputs: JsonMap, operation = 'run') {
  const tool = tools.get(name);
  if (tool === undefined) throw new Error(`no probe ${name}`);
  return (await tool.execute(call(inputs, operation))).output;
}

const hex = (texts: readonly string[]): string[] => texts.map((text) => Buffer.from(text).toString('hex'));

function hostileValues(): string[] {
  const metacharacters = fc.constantFrom(
    ...`-=;&|$\`'"\\<>()[]{}*?~!#%^@,: \n\r\t`.split(''),
    'a',
    'touch pwned',
    'é',
    '😀',
  );
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }).filter((value) => value.isWellFormed()),
    fc.array(metacharacters, { maxLength: 30 }).map((parts) => parts.join('')),
    fc.string({ unit: 'grapheme', maxLength: 40 }),
  );
  const random = fc.sample(
    text.map((value) => value.replaceAll('\0', '')),
    { seed: SEED, numRuns: COUNT - LISTED.length },
  );
  return [...LISTED, ...random];
}

test('2,000 hostile values arrive byte for byte, as one argument each, in one process', async () => {
  console.info(`seed ${SEED}`);
  const values = hostileValues();
  expect(values).toHaveLength(COUNT);
  for (let at = 0; at < values.length; at += 250) {
    const batch = values.slice(at, at + 250);
    const inputs = Object.fromEntries(batch.map((value, index) => [`p${index}`, value]));
    const expected = hex(batch.map((value, index) => `--p${index}=${value}`));
    expect(await execute('python', inputs)).toEqual({ args: expected, processes: 1 });
  }
  expect(readdirSync(join(dir, 'bundle')).sort()).toEqual(['tools']);
});

test.each(['bash', 'node'])('the same through %s, one by one', async (probe) => {
  for (const value of LISTED.slice(0, 40)) {
    const output = await execute(probe, { value });
    expect(String(output)).toBe(hex([`--value=${value}`])[0]);
  }
  expect(readdirSync(join(dir, 'bundle')).sort()).toEqual(['tools']);
});

test('values inside lists and maps stay one argument of ASCII JSON', async () => {
  const values = hostileValues().slice(0, 400);
  const output = await execute('node', {
    list: values.slice(0, 60),
    map: { '--evil': '"; touch pwned', ключ: values.slice(60, 90) },
  });
  const [list = '', map = ''] = String(output)
    .split('\n')
    .map((line) => Buffer.from(line, 'hex').toString());
  expect(JSON.parse(list.slice('--list='.length))).toEqual(values.slice(0, 60));
  expect(JSON.parse(map.slice('--map='.length))).toEqual({ '--evil': '"; touch pwned', ключ: values.slice(60, 90) });
  expect(/^[ -~]*$/.test(list + map)).toBe(true);
});

test('what no argument can carry, or would become another one, is refused before any process', async () => {
  const refused: JsonMap[] = [
    { a: 'x\0y' },
    { a: '\ud800' },
    { '': true },
    { 'a=b': 1 },
    { 'a\0': 1 },
    { '\udfff': 'x' },
  ];
  for (const inputs of refused)
    await expect(execute('node', inputs)).rejects.toMatchObject({ code: 'tool.invalid_params' });
  for (const operation of ['--delete-all', '-x', '', 'a\0b']) {
    await expect(execute('node', {}, operation)).rejects.toMatchObject({ code: 'tool.unknown_operation' });
  }
  expect(await execute('node', {}, 'a b; touch pwned')).toEqual(hex(['a b; touch pwned'])[0]);
});
