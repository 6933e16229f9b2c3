import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parsePath } from './cli-profile.ts';
import { readCliProfile, readCliProfiles } from './read-cli-profiles.ts';

const FULL = `
command: some-agent
args: [exec, --file, "{prompt_file}"]
prompt: file
output: jsonl
result_path: item.text
error_path: error.message
usage: {input_tokens: usage.in, output_tokens: usage.out, cached_tokens: usage.cached, cost_usd: cost}
model_args: [--model, "{model}"]
cwd: project
env: [SOME_KEY]
timeout: 10m
success_codes: [0, 2]
version_args: [version]
health: {args: [status], expect: ready}
strip: [ansi, progress, "Welcome to"]
install_hint: npm install -g some-agent
`;

const read = (text: string) => readCliProfile('some-agent', { file: 'some-agent.yaml', text });

describe('a CLI profile', () => {
  it('holds every key', () => {
    expect(read(FULL)).toEqual({
      diagnostics: [],
      profile: {
        ...{ name: 'some-agent', command: 'some-agent', args: ['exec', '--file', '{prompt_file}'] },
        ...{ prompt: 'file', output: 'jsonl', resultPath: ['item', 'text'], errorPath: ['error', 'message'] },
        usage: {
          ...{ inputTokens: ['usage', 'in'], outputTokens: ['usage', 'out'] },
          ...{ cachedTokens: ['usage', 'cached'], costUsd: ['cost'] },
        },
        ...{ modelArgs: ['--model', '{model}'], cwd: 'project', env: ['SOME_KEY'], timeoutMs: 600_000 },
        ...{ successCodes: [0, 2], versionArgs: ['version'], health: { args: ['status'], expect: 'ready' } },
        ...{ strip: ['ansi', 'progress', 'Welcome to'], installHint: 'npm install -g some-agent' },
      },
    });
  });

  it('needs no more than a command', () => {
    expect(read('command: a').profile).toMatchObject({
      ...{ args: [], prompt: 'stdin', output: 'text', resultPath: null, modelArgs: [], cwd: 'run', env: [] },
      ...{ timeoutMs: 1_800_000, successCodes: [0], versionArgs: ['--version'], health: null, strip: [] },
    });
  });

  it.each([
    ['args: [x]', 'must name a program'],
    ['command: ../x', 'absolute path'],
    ['command: a\nprompt: file', '{prompt_file}'],
    ['command: a\nargs: ["{prompt_file}"]', "only where 'prompt' is 'file'"],
    ['command: a\nargs: ["--m={model}"]', 'whole argument'],
    ['command: a\nmodel_args: [--model]', '{model}'],
    ['command: a\noutput: xml', "'output' must be text, json or jsonl"],
    ['command: a\nresult_path: x', 'has no meaning'],
    ['command: a\noutput: json\nresult_path: a..b', 'must be a path'],
    ['command: a\nsuccess_codes: [x]', 'exit codes'],
    ['command: a\nenv: ["A=B"]', 'variable names'],
    ['command: [', 'Invalid YAML'],
  ])('is refused with a place: %j', (text, message) => {
    const { profile, diagnostics } = read(text);
    expect(profile).toBeNull();
    expect(diagnostics.map((one) => one.message).join('\n')).toContain(message);
    expect(diagnostics[0]).toMatchObject({ file: 'some-agent.yaml', severity: 'error' });
  });

  it('says where the mistake is', () => {
    expect(read('command: a\noutput: json\nresult_path: a..b').diagnostics).toMatchObject([{ line: 3, column: 14 }]);
  });

  it('suggests the key that was meant', () => {
    const { diagnostics } = read('command: a\nmodel_arg: []\nusage: {input_token: x}\noutput: json');
    expect(diagnostics.map(({ line, fix }) => ({ line, fix }))).toEqual([
      { line: 2, fix: "Did you mean 'model_args'?" },
      { line: 3, fix: "Did you mean 'input_tokens'?" },
    ]);
  });

  it.each([
    ['a', ['a']],
    ['a.b[0].c-d', ['a', 'b', 0, 'c-d']],
    ['[2].x', [2, 'x']],
    ['', null],
    ['.a', null],
    ['a.', null],
    ['a[x]', null],
  ])('has the path %j', (text, path) => expect(parsePath(text)).toEqual(path));
});

describe('readCliProfiles', () => {
  it('reads a folder, and one that is not there', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'aiw-profiles-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    await writeFile(join(folder, 'b.yaml'), 'command: b');
    await writeFile(join(folder, 'a.yml'), 'command: a');
    await writeFile(join(folder, 'bad.yaml'), 'prompt: x');
    await writeFile(join(folder, 'notes.md'), 'nothing');
    const { profiles, diagnostics } = await readCliProfiles(folder);
    expect(profiles.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(new Set(diagnostics.map(({ file }) => file))).toEqual(new Set([join(folder, 'bad.yaml')]));
    expect(await readCliProfiles(join(folder, 'none'))).toEqual({ profiles: [], diagnostics: [] });
  });
});
