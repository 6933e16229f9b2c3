import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { NO_NEEDS } from '../../../shared/model/needs.ts';
import { discoverScriptTools } from './discover-script-tools.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'aiw-discover-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function put(path: string, text = '', mode = 0o644): void {
  mkdirSync(dirname(join(dir, 'b', path)), { recursive: true });
  writeFileSync(join(dir, 'b', path), text);
  chmodSync(join(dir, 'b', path), mode);
}
const discover = (toolsDir = 'tools') => discoverScriptTools(join(dir, 'b'), { toolsDir });
async function problems() {
  return (await discover()).diagnostics.map(
    ({ severity, message, file, line, column }) => `${severity} ${file}:${line ?? ''}:${column ?? ''} ${message}`,
  );
}

describe('which files are tools', () => {
  test('exec bit, known extension or shebang; direct children only', async () => {
    for (const name of ['a.sh', 'b.bash', 'c.py', 'd.rb', 'e.pl', 'f.js', 'g.mjs', 'h.ts']) put(`tools/${name}`);
    put('tools/binary', '\u007fELF', 0o755);
    put('tools/lost-bit', '#!/bin/sh\n');
    for (const name of ['notes.md', 'data.yaml', 'tools.yaml', '.hidden.sh', 'data.json', 'LICENSE'])
      put(`tools/${name}`);
    put('tools/folder.sh/inner.sh');
    const { tools, diagnostics } = await discover();
    expect(tools.map((tool) => tool.name)).toEqual(['a', 'b', 'binary', 'c', 'd', 'e', 'f', 'g', 'h', 'lost-bit']);
    expect(tools[0]).toEqual({
      name: 'a',
      scriptPath: 'tools/a.sh',
      description: '',
      operations: [],
      timeoutMs: 300_000,
      env: {},
      passEnv: [],
      needs: NO_NEEDS,
    });
    expect(diagnostics).toEqual([]);
  });

  test('no tools folder, another tools folder, the bundle as its own tools folder', async () => {
    put('scripts/x.sh');
    put('y.sh');
    expect((await discover()).tools).toEqual([]);
    expect((await discover('./scripts/')).tools.map((tool) => tool.scriptPath)).toEqual(['scripts/x.sh']);
    expect((await discover('.')).tools.map((tool) => tool.scriptPath)).toEqual(['y.sh']);
  });

  test('two scripts with one stem, unless the manifest picks one', async () => {
    put('tools/x.sh');
    put('tools/x.py');
    expect(await problems()).toEqual([`error tools/x.py:: Two scripts have the name 'x': tools/x.py, tools/x.sh`]);
    put('tools.yaml', 'tools: [{name: x, script: tools/x.sh}]');
    expect((await discover()).tools.map((tool) => tool.scriptPath)).toEqual(['tools/x.sh']);
    expect(await problems()).toEqual([]);
  });

  test('links may stay inside and not leave', async () => {
    put('lib/real.sh');
    put('tools/keep');
    put('../outside.sh');
    symlinkSync('../lib/real.sh', join(dir, 'b/tools/inside.sh'));
    symlinkSync('../../outside.sh', join(dir, 'b/tools/outside.sh'));
    symlinkSync('/nowhere', join(dir, 'b/tools/dangling.sh'));
    expect((await discover()).tools.map((tool) => tool.name)).toEqual(['inside']);
    expect((await problems()).sort()).toEqual([
      'error tools/dangling.sh:: Link leaves the bundle: tools/dangling.sh',
      'error tools/outside.sh:: Link leaves the bundle: tools/outside.sh',
    ]);
    symlinkSync('/tmp', join(dir, 'b/elsewhere'));
    expect((await discover('elsewhere')).diagnostics.map(({ message }) => message)).toEqual([
      'Link leaves the bundle: elsewhere',
    ]);
  });
});

describe('manifests', () => {
  test('root, tools folder, companion: later wins, merged by key', async () => {
    put('tools/report.py');
    put(
      'tools.yaml',
      'tools:\n  - {name: report, description: root, timeout: 1m, env: {A: 1, B: 2}, operations: {x: {description: root x}, y: }}\n',
    );
    put(
      'tools/tools.yaml',
      'tools:\n  - {name: report, description: folder, env: {B: 3}, operations: {x: {timeout: 5s, idempotent: true}}}\n',
    );
    put('tools/report.yaml', 'tools:\n  - {name: report, env: {C: yes}, pass_env: [HOME_DIR]}\n');
    const { tools, diagnostics } = await discover();
    expect(diagnostics).toEqual([]);
    expect(tools).toMatchObject([
      { description: 'folder', timeoutMs: 60_000, env: { A: '1', B: '3', C: 'yes' }, passEnv: ['HOME_DIR'] },
    ]);
    expect(tools[0]?.operations).toMatchObject([
      { name: 'x', description: 'root x', timeoutMs: 5000, idempotent: true, readOnly: false, parameters: null },
      { name: 'y', description: '', parameters: null },
    ]);
  });

  test('a companion may leave out the list; a manifest may name scripts elsewhere', async () => {
    put('tools/a.sh');
    put('tools/a.yaml', 'description: mine');
    put('lib/b.sh');
    put('tools/tools.yaml', 'tools: [{name: c, script: ../lib/b.sh}, {script: lib/b.sh}]');
    const { tools, diagnostics } = await discover();
    expect(diagnostics).toEqual([]);
    expect(tools.map((tool) => [tool.name, tool.scriptPath, tool.description])).toEqual([
      ['a', 'tools/a.sh', 'mine'],
      ['b', 'lib/b.sh', ''],
      ['c', 'lib/b.sh', ''],
    ]);
  });

  test('parameters', async () => {
    put('tools/p.sh');
    const parameters =
      '{n: {type: integer, required: true, description: how many}, m: {enum: [a, on, 1], default: on}, k: {secret: true}, z: }';
    put(
      'tools.yaml',
      `tools:\n  - name: p\n    operations: {go: {parameters: ${parameters}, read_only: true, output_schema: {type: object}}}\n`,
    );
    const { tools, diagnostics } = await discover();
    expect(diagnostics).toEqual([]);
    expect(tools[0]?.operations[0]).toEqual({
      ...{ name: 'go', description: '', idempotent: false, readOnly: true, outputSchema: { type: 'object' } },
      parameters: [
        { name: 'n', type: 'integer', required: true, description: 'how many', secret: false },
        {
          name: 'm',
          type: 'string',
          required: false,
          default: 'on',
          enum: ['a', 'on', '1'],
          description: '',
          secret: false,
        },
        { name: 'k', type: 'string', required: false, description: '', secret: true },
        { name: 'z', type: 'string', required: false, description: '', secret: false },
      ],
    });
  });

  test('every problem at once, each with its place', async () => {
    put('tools/a.sh');
    put(
      'tools.yaml',
      [
        'tols: 1',
        'tools:',
        '  - name: a',
        '    tiemout: 5m',
        '    timeout: -5',
        '    env: [x]',
        '    operations:',
        '      x: {paramters: {}, idempotent: maybe}',
        '      y: {parameters: {p: {type: int}}}',
        '  - name: gone',
        '    script: gone.sh',
        '  - name: bare',
        '  - just text',
        '  - name: a.b',
        '    script: /bin/sh',
        '  - {name: out, script: ../../x.sh}',
        '  - {name: a}',
      ].join('\n'),
    );
    expect((await problems()).sort()).toEqual([
      "error tools.yaml:11:5 Script of tool 'gone' not found: gone.sh",
      "error tools.yaml:12:5 Tool 'bare' has no script: there is no script of this name, and the entry has no key 'script'.",
      "error tools.yaml:13:5 A tool must be a map with a 'name'.",
      "error tools.yaml:14:5 A tool's name must not hold a dot: a.b",
      "error tools.yaml:16:17 The script of tool 'out' lies outside the bundle: ../../x.sh",
      "error tools.yaml:17:5 Tool 'a' stands twice in tools.yaml.",
      "error tools.yaml:5:14 'timeout' of tool 'a': Duration '-5' is negative",
      "error tools.yaml:6:10 'env' of tool 'a' must be a map, it is a list",
      "error tools.yaml:8:38 'idempotent' of operation 'a.x' must be true or false, it is a text",
      "error tools.yaml:9:34 Parameter 'a.y.p' has an unknown type 'int'. Types: string, integer, number, float, boolean, object, array.",
      "warning tools.yaml:1:1 Unknown key 'tols' of tools.yaml",
      "warning tools.yaml:4:5 Unknown key 'tiemout' of tool 'a'",
      "warning tools.yaml:8:11 Unknown key 'paramters' of operation 'a.x'",
    ]);
  });

  test('a named script that nothing can start', async () => {
    put('tools/data.txt', 'text');
    put('tools.yaml', 'tools: [{name: d, script: tools/data.txt}]');
    expect((await discover()).tools).toEqual([]);
    expect(await problems()).toEqual(['error tools/data.txt:: Script not executable and no shebang: data.txt']);
  });
});

describe('hostile manifests are refused quickly', () => {
  const bombs: Readonly<Record<string, string>> = {
    'billion laughs': `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghi'
      .split('')
      .map((name, index) => `${name}: &${name} [${Array(9).fill(`*${'abcdefgh'[index]}`).join(',')}]`)
      .join('\n')}\n`,
    'deep flow': '['.repeat(200_000),
    'deep closed flow': '['.repeat(5000) + ']'.repeat(5000),
    'deep block': Array.from({ length: 2000 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n'),
    'deep list': `${'- '.repeat(5000)}x`,
    'self alias': 'tools: &a [*a]',
    'unknown alias': 'tools: *nothing',
    'custom tag': 'tools: !!js/function "x"',
    'binary tag': 'tools: !!binary aGk=',
    'duplicate keys': 'tools: []\ntools: []',
    'many keys': `${Array.from({ length: 100_000 }, (_, index) => `k${index}: `).join('\n')}\nk7: again`,
    'many anchors': `tools: 1\nx:\n${Array.from({ length: 60_000 }, (_, index) => `- &a${index} x`).join('\n')}`,
    'map key': '{a: 1}: 2',
    'too large': `# ${'x'.repeat(1024 * 1024)}`,
    'no UTF-8': 'tools: \udcff',
    'two documents': '---\na: 1\n---\nb: 2\n',
    'a list': '- 1',
    'a scalar': 'hello',
    'tools is text': 'tools: hello',
  };
  test.each(Object.keys(bombs))('%s', async (name) => {
    put('tools/a.sh');
    put('tools.yaml', bombs[name]);
    if (name === 'no UTF-8') writeFileSync(join(dir, 'b/tools.yaml'), Buffer.from([0x74, 0xff, 0xfe]));
    const { tools, diagnostics } = await discover();
    expect(tools.map((tool) => tool.name)).toEqual(['a']);
    expect(diagnostics.length).toBeGreaterThan(0);
    expect(diagnostics.every((found) => found.severity === 'error' || found.code === 'tool.unknown_key')).toBe(true);
  });

  test('prototype keys are only keys', async () => {
    put('tools/a.sh');
    put(
      'tools.yaml',
      'tools: [{name: a, env: {__proto__: x, constructor: y}, operations: {__proto__: {description: z}}}]',
    );
    const { tools } = await discover();
    expect(Object.keys(tools[0]?.env ?? {})).toEqual(['__proto__', 'constructor']);
    expect(tools[0]?.operations[0]?.name).toBe('__proto__');
    expect(({} as Record<string, unknown>).x).toBeUndefined();
  });
});
