import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readBundleConfig } from './bundle-config.ts';

const codes = (text: string): readonly string[] =>
  readBundleConfig(text, 'folder').diagnostics.map((one) => `${one.severity} ${one.line}:${one.column}`);

describe('readBundleConfig (SPEC 6.2)', () => {
  it('has defaults, and no agent unless one is written', () => {
    const { config, diagnostics } = readBundleConfig('', 'folder');
    expect(diagnostics).toEqual([]);
    expect(config).toEqual({
      name: 'folder',
      version: '1.0.0',
      agent: null,
      fallbackAgent: null,
      toolsDir: 'tools',
      inheritGlobalTools: true,
      env: {},
    });
  });

  it('reads every key', () => {
    const text = `name: n
version: 2
agent: opencode
fallback_agent: ollama
model: m
timeout: 1h30m
max_retries: 4
tools_dir: ./scripts/
inherit_global_tools: false
env: {A: 1, B: true, C: "\${HOME:-x}", D: null, E: 1.5}
`;
    const { config, diagnostics } = readBundleConfig(text, 'folder');
    expect(diagnostics).toEqual([]);
    expect(config).toEqual({
      name: 'n',
      version: '2',
      agent: 'opencode',
      fallbackAgent: 'ollama',
      model: 'm',
      timeoutMs: 5_400_000,
      maxRetries: 4,
      toolsDir: 'scripts',
      inheritGlobalTools: false,
      env: { A: '1', B: 'true', C: '${HOME:-x}', D: '', E: '1.5' },
    });
  });

  it('names of agents that nobody knows are told where they stand, if the known ones are given', () => {
    const text = 'name: n\nagent: opncode\nfallback_agent: ollma\n';
    expect(readBundleConfig(text, 'folder').diagnostics).toEqual([]);
    expect(readBundleConfig(text, 'folder', ['opencode', 'ollama']).diagnostics).toMatchObject([
      {
        ...{
          severity: 'warning',
          message: "'agent': There is no agent 'opncode' here",
          fix: "Did you mean 'opencode'?",
        },
        ...{ file: 'config.yaml', line: 2, column: 8 },
      },
      { message: "'fallback_agent': There is no agent 'ollma' here", fix: "Did you mean 'ollama'?", line: 3 },
    ]);
  });

  it.each([
    ['tools_dir: ../x', ['error 1:12']],
    ['tools_dir: /etc', ['error 1:12']],
    ['tools_dir: a/../../b', ['error 1:12']],
    ['name: a\nmax_retries: 21', ['error 2:14']],
    ['max_retries: 1.5', ['error 1:14']],
    ['timeout: soon', ['warning 1:10']],
    ['timeout: -5', ['error 1:10']],
    ['timeout: 400d', ['error 1:10']],
    ['inherit_global_tools: perhaps', ['error 1:23']],
    ['env: [1]', ['error 1:6']],
    ['env: {A: {b: 1}}', ['error 1:10']],
    ['env: {"a b": 1}', ['error 1:7']],
    ['name: {a: 1}', ['error 1:7']],
    ['- a', ['error 1:1']],
    ['name: a\nname: b', ['error 2:1']],
    ['a: !!js/function x', ['error 1:4']],
  ])('%j: %j', (text, expected) => expect(codes(text)).toEqual(expected));

  it('says what an unknown key was meant to be', () => {
    const [found] = readBundleConfig('name: a\ntimout: 3', 'folder').diagnostics;
    expect(found).toMatchObject({
      severity: 'warning',
      code: 'config.invalid',
      line: 2,
      column: 1,
      message: "Unknown key 'timout'",
      fix: "Did you mean 'timeout'?",
      file: 'config.yaml',
    });
  });

  it('is not blown up by aliases', () => {
    const bomb = `a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\nenv: {A: [*c,*c,*c,*c]}\n`;
    expect(readBundleConfig(bomb, 'folder').diagnostics.some((one) => one.severity === 'error')).toBe(true);
  });

  it('never throws and never leaves the bundle (2,000 fuzzed texts)', () => {
    const key = fc.constantFrom(
      'name',
      'version',
      'agent',
      'timeout',
      'max_retries',
      'tools_dir',
      'env',
      'inherit_global_tools',
      '__proto__',
      'x',
    );
    const value = fc.oneof(
      fc.string(),
      fc.constantFrom('{', '[', '"', '&a', '*a', '!x', '..', '../x', '{A: 1}', '~', '|', '>-', '0x1', '1e400', '.nan'),
    );
    const text = fc.oneof(
      fc.string(),
      fc.array(fc.tuple(key, value).map(([k, v]) => `${k}: ${v}`)).map((lines) => lines.join('\n')),
    );
    fc.assert(
      fc.property(text, (source) => {
        const { config, diagnostics } = readBundleConfig(source, 'folder');
        expect(config.toolsDir.split(/[\\/]/)).not.toContain('..');
        expect(Object.values(config.env).every((one) => typeof one === 'string')).toBe(true);
        for (const one of diagnostics) expect(one.code).toBe('config.invalid');
      }),
      { numRuns: 2_000 },
    );
  });
});
