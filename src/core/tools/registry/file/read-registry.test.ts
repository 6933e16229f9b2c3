import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readRegistry } from './read-registry.ts';

const FILE = '.aiworkflow/tools/registry.yaml';
const read = (text: string): ReturnType<typeof readRegistry> => readRegistry(FILE, text);

const FULL = `
tools:
  - name: github
    description: Issues and code
    category: development
    implementations:
      - {type: mcp, priority: 2, config_path: mcp/github.yaml, agent_compatibility: {claude-code: native, ollama: none}}
      - {type: openapi, spec_path: openapi/github.json, spec_url: "https://api.example.org/openapi.json", base_url: "http://127.0.0.1:8080"}
      - {type: script, adapter_path: custom/github.sh}
      - {adapter_path: custom/github}
      - {type: mcp, package: "@modelcontextprotocol/server-everything@2026.1.1"}
    authentication: {type: api_key, token_env: GITHUB_TOKEN, secret: GITHUB, header: X-Key, query: key, scopes: [a, b], provider: github}
    rate_limits: {requests_per_minute: 90, burst: 5}
    security: {sandboxed: false, allowed_paths: [docs], allowed_hosts: ["localhost:8080"]}
categories:
  - {name: own_things, description: Our own}
`;

describe('readRegistry', () => {
  it('reads every key', () => {
    const { entries, categories, problems } = read(FULL);
    expect(problems).toEqual([]);
    expect(categories).toEqual({ own_things: 'Our own' });
    expect(entries).toMatchObject([
      {
        name: 'github',
        description: 'Issues and code',
        category: 'development',
        authentication: {
          type: 'api_key',
          tokenEnv: 'GITHUB_TOKEN',
          secret: 'GITHUB',
          header: 'X-Key',
          query: 'key',
          scopes: ['a', 'b'],
          provider: 'github',
        },
        rateLimit: { requestsPerMinute: 90, burst: 5 },
        security: { isSandboxed: false, allowedPaths: ['docs'], allowedHosts: ['localhost:8080'] },
        error: null,
        implementations: [
          {
            type: 'mcp',
            priority: 2,
            configPath: 'mcp/github.yaml',
            agentCompatibility: { 'claude-code': 'native', ollama: 'none' },
          },
          {
            type: 'openapi',
            priority: 1,
            specPath: 'openapi/github.json',
            specUrl: 'https://api.example.org/openapi.json',
            baseUrl: 'http://127.0.0.1:8080',
          },
          { type: 'script', adapterPath: 'custom/github.sh' },
          { type: 'custom', adapterPath: 'custom/github', agentCompatibility: {} },
          { type: 'mcp', package: '@modelcontextprotocol/server-everything@2026.1.1' },
        ],
      },
    ]);
  });

  it.each(['', 'tools: []', 'tools:\n', '# nothing'])('takes %j for an empty registry', (text) => {
    expect(read(text)).toEqual({ entries: [], categories: {}, problems: [] });
  });

  it('warns of unknown keys with a did-you-mean, at their line', () => {
    const { problems, entries } = read(
      'tools:\n  - name: a\n    descripton: x\n    implementations:\n      - type: mcp\n        config_pat: b\n',
    );
    expect(entries[0]?.error).toBe(null);
    expect(problems).toMatchObject([
      { severity: 'warning', file: FILE, line: 6, fix: "Did you mean 'config_path'?" },
      { severity: 'warning', file: FILE, line: 3, fix: "Did you mean 'description'?" },
    ]);
  });

  it('makes an unknown type an error at its line; the tool stays and says so', () => {
    const { problems, entries } = read(
      'tools:\n  - name: a\n    implementations:\n      - type: mpc\n  - {name: b, implementations: [{}]}\n',
    );
    expect(problems).toEqual([
      {
        severity: 'error',
        code: 'tool.registry_invalid',
        message: "Unknown tool type 'mpc'",
        ...{ file: FILE, line: 4, column: 15, fix: "Did you mean 'mcp'?" },
      },
    ]);
    expect(entries.map((entry) => [entry.name, entry.error?.message ?? null])).toEqual([
      ['a', `${FILE}:4: Unknown tool type 'mpc'`],
      ['b', null],
    ]);
  });

  it.each([
    ['no list', 'tools: {}', /'tools' of the registry must be a list/],
    ['no map', 'tools: [x]', /must be a map with a 'name'/],
    ['no name', 'tools: [{implementations: [{}]}]', /needs a 'name'/],
    ['a dot in a name', 'tools: [{name: a.b, implementations: [{}]}]', /cannot be the name/],
    ["the app's own name", 'tools: [{name: agent, implementations: [{}]}]', /belongs to the app/],
    ['no implementation', 'tools: [{name: a}]', /has no implementation/],
    ['an empty list of implementations', 'tools: [{name: a, implementations: []}]', /has no implementation/],
    [
      'a text as priority',
      'tools: [{name: a, implementations: [{priority: high}]}]',
      /'priority' of an implementation of 'a' must be a number/,
    ],
    [
      'a wrong compatibility',
      'tools: [{name: a, implementations: [{agent_compatibility: {x: nativ}}]}]',
      /must be native, supported, via_bridge, not_supported or none, not 'nativ'/,
    ],
    [
      'a file as spec_url',
      'tools: [{name: a, implementations: [{type: openapi, spec_url: "file:///x"}]}]',
      /http or https/,
    ],
    [
      'a login in base_url',
      'tools: [{name: a, implementations: [{type: openapi, base_url: "http://u:p@x"}]}]',
      /without a login/,
    ],
    [
      'a wrong authentication',
      'tools: [{name: a, implementations: [{}], authentication: {type: magic}}]',
      /'authentication.type' of tool 'a' must be oauth2/,
    ],
    ['no rate', 'tools: [{name: a, implementations: [{}], rate_limits: {burst: 2}}]', /no 'requests_per_minute'/],
    ['a rate of 0', 'tools: [{name: a, implementations: [{}], rate_limits: {requests_per_minute: 0}}]', /above 0/],
    [
      'two tools of one name',
      'tools: [{name: a, implementations: [{}]}, {name: a, implementations: [{}]}]',
      /stands twice/,
    ],
    ['broken YAML', 'tools: [', /Invalid YAML/],
    ['a list', '- a', /must be a map/],
    ['a category without a name', 'categories: [{description: x}]', /needs a 'name'/],
  ])('refuses %s', (_, text, message) => {
    expect(read(text).problems.filter((one) => one.severity === 'error')).toMatchObject([
      { code: 'tool.registry_invalid', file: FILE, message: expect.stringMatching(message) },
    ]);
  });

  it('does not repeat a token that was written where its name belongs', () => {
    const { problems } = read(
      'tools: [{name: a, implementations: [{}], authentication: {type: bearer_token, token_env: ghp-planted/token}}]',
    );
    expect(problems).toMatchObject([{ severity: 'error' }]);
    expect(JSON.stringify(problems)).not.toContain('planted');
  });

  it('warns of what says nothing, what cannot be held and what is missing to log in', () => {
    const { problems } = read(
      'tools: [{name: a, category: develoment, implementations: [{spec_path: x}], authentication: {type: basic}, security: {sandboxed: true, allowed_hosts: [a.example]}}]',
    );
    expect(problems.map((one) => [one.severity, one.message])).toEqual([
      ['warning', "'spec_path' says nothing to a tool of type custom."],
      ['warning', "The authentication of tool 'a' names no 'token_env', so it has nothing to log in with."],
      ['warning', expect.stringMatching(/open the whole network to a process in a sandbox \(custom\)/)],
      ['warning', "Unknown category 'develoment' of tool 'a'"],
    ]);
  });

  it('gives a default burst that never lets more through than the rate', () => {
    const { entries } = read('tools: [{name: a, implementations: [{}], rate_limits: {requests_per_minute: 30}}]');
    expect(entries[0]?.rateLimit).toEqual({ requestsPerMinute: 30, burst: 1 });
  });

  it('never throws, whatever the text says', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => void read(text)));
    fc.assert(fc.property(fc.json(), (json) => void read(`tools: [${json}]\ncategories: ${json}`)));
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const entry = {
          name: 'a',
          implementations: [value, { type: value, priority: value, agent_compatibility: value }],
        };
        read(JSON.stringify({ tools: [{ ...entry, authentication: value, rate_limits: value, security: value }] }));
      }),
    );
  });
});
