import { describe, expect, test } from 'vitest';
import { commandOf, describeServer } from './mcp-settings.ts';
import { readMcpSettings } from './read-mcp-settings.ts';
import { resolveReferences } from './references.ts';

const FOLDERS = ['/p/.aiworkflow/tools', '/p'];
const read = (text: string) => readMcpSettings({ file: 'mcp/x.yaml', text }, FOLDERS);

describe('a server that is started', () => {
  test.each([
    ['"server.py --port 80"', 'args: ["server.py", "--port", "80"]'],
    ['{a: 1}', 'args: ["…"]'],
  ])('arguments that are no list (%s) are refused, never cut into words or left out', (args, fix) => {
    const { settings, problems } = read(`server: {command: python3, args: ${args}}`);
    expect(settings).toBeNull();
    expect(problems).toMatchObject([
      { severity: 'error', message: expect.stringContaining("'server.args' must be a list of texts, it is a "), fix },
    ]);
  });

  test('command with everything', () => {
    const { settings, problems } = read(
      'server: {command: node, args: [a.js, 5], env: {KEY: "${HOST_KEY}", B: "x${HOST_KEY}${OTHER}"}, cwd: sub}\ntimeout: 1m\ninclude: [a]\nexclude: b',
    );
    expect(problems).toEqual([]);
    expect(settings).toEqual({
      server: {
        kind: 'command',
        command: 'node',
        args: ['a.js', '5'],
        env: { KEY: '${HOST_KEY}', B: 'x${HOST_KEY}${OTHER}' },
        folders: ['/p/.aiworkflow/tools/sub', '/p/sub'],
      },
      timeoutMs: 60_000,
      include: ['a'],
      exclude: ['b'],
      references: ['HOST_KEY', 'OTHER'],
    });
  });

  test('a package in one exact version runs by npx', () => {
    const { settings } = read('server: {package: "@scope/server-a@1.2.3-beta.1", args: [/data]}');
    expect(settings?.timeoutMs).toBeNull();
    expect(settings?.server).toMatchObject({
      kind: 'package',
      package: { name: '@scope/server-a', version: '1.2.3-beta.1' },
      folders: ['/p'],
    });
    if (settings?.server.kind !== 'package') throw new Error('no package');
    expect(commandOf(settings.server)).toEqual({
      command: 'npx',
      args: ['-y', '@scope/server-a@1.2.3-beta.1', '/data'],
    });
  });

  test.each([
    'a',
    'a@latest',
    'a@^1.0.0',
    'a@1',
    'a@1.2',
    '--foo@1.2.3',
    '../a@1.2.3',
    'git+https://x/a@1.2.3',
    'a@1.2.3 --x',
    '/a@1.2.3',
    'A B@1.2.3',
  ])('%s is no exact version', (text) => {
    const { settings, problems } = read(`server: {package: "${text}"}`);
    expect(settings).toBeNull();
    expect(problems).toMatchObject([
      { severity: 'error', code: 'tool.definition_invalid', file: 'mcp/x.yaml', line: 1 },
    ]);
    expect(problems[0]?.message).toContain('exact version');
  });
});

describe('a server over HTTP', () => {
  test('address and headers', () => {
    const { settings } = read('server: {url: "https://host/mcp?key=1", headers: {Authorization: "Bearer ${TOKEN}"}}');
    expect(settings).toMatchObject({
      server: { kind: 'url', headers: { Authorization: 'Bearer ${TOKEN}' } },
      references: ['TOKEN'],
    });
    if (settings === null) throw new Error('none');
    expect(describeServer(settings.server)).toBe('https://host/mcp');
  });

  test.each(['ftp://host', 'host', 'https://me:secret@host/', 'javascript:alert(1)'])('%s is refused', (url) => {
    expect(read(`server: {url: "${url}"}`)).toMatchObject({ settings: null, problems: [{ severity: 'error' }] });
  });
});

describe('problems', () => {
  test.each([
    ['', "'server' needs one of 'command', 'package' and 'url'."],
    ['server: {}', "'server' needs one of 'command', 'package' and 'url'."],
    ['server: {command: a, url: "http://h"}', "'server' must have only one of 'command', 'package' and 'url'."],
    ['server: {command: ""}', "'server.command' is empty."],
    ['server: x', "'server' must be a map, it is a text"],
    ['server: {command: a, args: {}}', "'server.args' must be a list of texts, it is a map"],
    ['server: {command: a, env: {"A=B": x}}', 'The variable "A=B" cannot be passed to a process.'],
    ['server: {command: a, env: {AIWORKFLOW_STEP_KEY: x}}', "'AIWORKFLOW_STEP_KEY' is set by the app."],
    ['server: {command: a, headers: {A: b}}', "'headers' belong to a server with a 'url'."],
    ['server: {url: "http://h", args: [a]}', "'args' belongs to a server that is started here."],
    ['server: {url: "http://h", headers: {"a b": c}}', 'The header "a b" cannot be sent.'],
    ['server: {command: a}\ntimeout: 0', "'timeout': it must be longer than nothing"],
    ['server: {command: a}\ntimeout: -5', "'timeout': Duration '-5' is negative"],
    ['server: [', 'Invalid YAML:'],
  ])('%s', (text, message) => {
    const { settings, problems } = read(text);
    expect(settings).toBeNull();
    expect(problems.some((one) => one.severity === 'error' && one.message.startsWith(message))).toBe(true);
    expect(problems.every((one) => one.file === 'mcp/x.yaml')).toBe(true);
  });

  test('an unknown key has a did-you-mean and stops nothing', () => {
    const { settings, problems } = read('server: {comand: a, command: b}\ninclud: [a]');
    expect(settings).not.toBeNull();
    expect(problems.map((one) => [one.severity, one.message, one.fix])).toEqual([
      ['warning', "Unknown key 'includ'", "Did you mean 'include'?"],
      ['warning', "Unknown key 'server.comand'", "Did you mean 'command'?"],
    ]);
  });

  test('a variable in the arguments is no variable', () => {
    const { settings, problems } = read('server: {command: a, args: ["--key=${KEY}"]}');
    expect(settings?.references).toEqual([]);
    expect(problems).toMatchObject([{ severity: 'warning' }]);
  });
});

describe('references', () => {
  test('are filled once; what stands in a value is no reference', () => {
    expect(resolveReferences('x', { A: '${ONE}-${ONE}', B: '$ONE ${1}' }, { ONE: '${TWO}$&', TWO: 'no' })).toEqual({
      A: '${TWO}$&-${TWO}$&',
      B: '$ONE ${1}',
    });
  });

  test('all missing ones are named, no value is', () => {
    const fill = () => resolveReferences('x', { A: '${ONE}${TWO}', B: '${SET}' }, { SET: 'secret-value' });
    expect(fill).toThrow("The MCP tool 'x' needs ONE, TWO, which is not set.");
  });
});
