import { describe, expect, it } from 'vitest';
import { readWorkflow } from './read-workflow.ts';
import { frontmatter, problems, read, step, steps } from './reading.test-support.ts';

const first = (yaml: string) => {
  const { workflow, diagnostics } = read(step(yaml));
  expect(diagnostics).toEqual([]);
  return workflow.steps[0];
};

describe('step keys (SPEC §1.5)', () => {
  it('reads every key', () => {
    const found = first(`id: s
name: N
description: D
enabled: false
action: shop.buy
inputs: {list: [1, {a: "{{ run_id }}"}]}
output_variable: out
condition: 1 > 0
conditions: [true, "2 > 1"]
on_error: continue
fallback: {on_failure: mail.send, inputs: {to: x}}
agent_hints: {demo: {temperature: 0}}
output_file: "out/{{ run_id }}-{{ output.id }}.md"
format: markdown
timeout: 20s
retry: {max_retries: 2, delay: 1s, max_delay: 1m, base: 3, jitter: 0, on: [timeout]}
needs: []
idempotent: true
compensate: {action: shop.cancel, inputs: {id: "{{ output.id }}"}}
rollback: compensate
agent: demo
model: m
permissions: {read: ["*.md"], enforce: best_effort}
cache: 1h`);
    expect(found).toEqual({
      id: 's',
      kind: 'action',
      name: 'N',
      description: 'D',
      place: { line: 7, column: 1 },
      enabled: false,
      action: 'shop.buy',
      inputs: { list: [1, { a: '{{ run_id }}' }] },
      outputVariable: 'out',
      conditions: ['1 > 0', true, '2 > 1'],
      onError: [{ action: 'continue' }],
      fallback: { action: 'mail.send', inputs: { to: 'x' } },
      agentHints: { demo: { temperature: 0 } },
      outputFile: 'out/{{ run_id }}-{{ output.id }}.md',
      format: 'markdown',
      timeoutMs: 20_000,
      retry: { maxRetries: 2, delayMs: 1000, maxDelayMs: 60_000, base: 3, jitter: 0, on: ['timeout'] },
      needs: [],
      idempotent: true,
      compensate: { action: 'shop.cancel', inputs: { id: '{{ output.id }}' } },
      rollback: 'compensate',
      agent: 'demo',
      model: 'm',
      permissions: { read: ['*.md'], enforce: 'best_effort' },
      cacheMs: 3_600_000,
      groups: [],
      detail: {},
    });
  });

  it.each([
    ['retry: 2', { maxRetries: 2 }],
    ['retry: false', { maxRetries: 0 }],
    ['max_retries: 5', { maxRetries: 5 }],
    ['max_retries:', { maxRetries: 3 }],
    ['retry:\nretry_delay_seconds: 2', { maxRetries: 3, delayMs: 2000 }],
    ['retry_delay_seconds:', { delayMs: 1000 }],
    ['max_retries: 1\nretry: {max_retries: 4}', { maxRetries: 4 }],
  ])('%j', (yaml, retry) => {
    expect(first(`action: a.b\n${yaml}`)?.retry).toEqual(retry);
  });

  it('keeps short keys of the error settings', () => {
    expect(first('action: a.b\nfallback_action: x.y\nnotify_channel: ops')).toMatchObject({
      fallback: { action: 'x.y', inputs: {} },
      onError: [{ notify: 'ops' }],
    });
  });

  it.each([
    ['model: "{{ inputs.nope }}"', 'model'],
    ['model: "{{ inputs.topic }}"', 'model'],
    ["model: '{topic}'", 'model'],
    ['agent: "{% if true %}demo{% endif %}"', 'agent'],
  ])('%s would reach the agent as it stands', (yaml, key) => {
    expect(problems(step(`action: agent.analyze\ntask: x\n${yaml}`))).toEqual([
      `5 error '${key}' takes no template: it is used as it is written -> Write the name itself, or leave the key out and choose it at the start with --${key}.`,
    ]);
  });

  it('the same holds for the whole workflow', () => {
    expect(problems(frontmatter('execution: {agent: "{{ inputs.a }}", model: "{{ inputs.m }}"}'))).toEqual([
      expect.stringContaining("2 error 'agent' takes no template"),
      expect.stringContaining("2 error 'model' takes no template"),
    ]);
  });

  it('a name of a model may hold any other sign', () => {
    expect(first('action: agent.analyze\ntask: x\nmodel: "org/model:7b-{q4}"')?.model).toBe('org/model:7b-{q4}');
  });

  it('who takes over is not chosen in a step, and nothing else is suggested for it', () => {
    expect(
      problems(step('action: agent.analyze\ntask: x\nfallback_agents: [opencod]\nfallback_agent: ollama')),
    ).toEqual([
      "5 warning A step has no key 'fallback_agents' -> Write agent.failover.fallback_agents into aiworkflow.yaml, or fallback_agent into config.yaml.",
      "6 warning A step has no key 'fallback_agent' -> Write it into config.yaml of the bundle.",
    ]);
  });

  it('agents that nobody knows are told with what was meant, wherever they are named', () => {
    const inner = 'if: "true"\nthen: [{action: agent.run, agent: ollma, task: y}]';
    const text = frontmatter('execution: {agent: demmo}', steps('action: agent.run\nagent: demo\ntask: x', inner));
    const known = ['demo', 'ollama'];
    const { diagnostics } = readWorkflow(text, { file: 'w.md', agentNames: known });
    expect(diagnostics).toMatchObject([
      {
        ...{ severity: 'warning', code: 'agent.not_found', line: 2, column: 20 },
        ...{ message: "There is no agent 'demmo' here", fix: "Did you mean 'demo'?" },
      },
      {
        ...{ severity: 'warning', line: 14, step: 'step_2_then_1' },
        ...{ message: "There is no agent 'ollma' here", fix: "Did you mean 'ollama'?" },
      },
    ]);
    expect(problems(text)).toEqual([]);
  });

  it.each(['on', 'off', 'yes', 'no'])('%s stays a text', (word) => {
    expect(first(`action: a.b\ninputs: {v: ${word}}`)?.inputs).toEqual({ v: word });
  });

  it('empty inputs are {}', () => {
    expect(first('action: a.b\ninputs:')?.inputs).toEqual({});
  });
});

describe('on_error (SPEC §1.6)', () => {
  it.each([
    ['on_error: continue', [{ action: 'continue' }]],
    ['on_error: log_and_continue', [{ action: 'continue' }]],
    ['on_error: skip', [{ action: 'continue' }]],
    ['on_error: ignore', [{ action: 'continue' }]],
    ['on_error: fail', [{ action: 'stop' }]],
    ['on_error: abort', [{ action: 'stop' }]],
    ['on_error: rollback', [{ action: 'rollback' }]],
    ['on_error: retry', [{ action: 'retry' }]],
    ['on_error:', [{ action: 'stop' }]],
    ['on_error: {fallback: null}', [{ fallback: { value: null } }]],
    [
      'on_error: {action: continue, fallback: {a: [1]}, notify: ops, retry: 1}',
      [
        {
          action: 'continue',
          retry: { maxRetries: 1 },
          notify: 'ops',
          fallback: { value: { a: [1] } },
        },
      ],
    ],
    [
      'on_error: [{error_code: default, action: stop}, {error_code: 404, action: skip}, {error_code: [429, "tool.*", timeout], retry: {max_retries: 3}}]',
      [
        { match: [404], action: 'continue' },
        { match: [429, 'tool.*', 'timeout'], retry: { maxRetries: 3 } },
        { action: 'stop' },
      ],
    ],
    ['on_error: [{default: continue}]', [{ action: 'continue' }]],
    ['on_error: [{default: {fallback: 1}}]', [{ fallback: { value: 1 } }]],
    ['on_error: [{action: notify, notify: ops}]', [{ action: 'notify', notify: 'ops' }]],
    ['on_error: [{error_code: 401, action: refresh_credentials}]', [{ match: [401], action: 'refresh_credentials' }]],
  ])('%s', (yaml, rules) => {
    expect(first(`action: a.b\n${yaml}`)?.onError).toEqual(rules);
  });

  it.each([
    ['on_error: contiune', "4 warning Unknown action word 'contiune' in on_error -> Did you mean 'continue'?", []],
    [
      'on_error: [{error_code: 1, action: explode, retry: 2}]',
      "4 warning Unknown action word 'explode' in on_error",
      [{ match: [1], retry: { maxRetries: 2 } }],
    ],
    ['on_error: [continue]', '4 error An item of on_error must be a map, it is a text', []],
    [
      'on_error: [{default: stop}, {default: continue}]',
      '4 warning on_error has a second default item, it is never used',
      [{ action: 'stop' }],
    ],
    ['on_error: {fallbak: 1}', "4 warning Unknown key 'fallbak' -> Did you mean 'fallback'?", [{}]],
    [
      'on_error: [{error_code: {a: 1}, action: stop}]',
      "4 error 'error_code' must be a number or a text, it is a map",
      [{ match: [], action: 'stop' }],
    ],
  ])('%s: %s', (yaml, message, rules) => {
    const text = step(`action: a.b\n${yaml}`);
    expect(problems(text)).toHaveLength(1);
    expect(problems(text)[0]).toContain(message);
    expect(read(text).workflow.steps[0]?.onError).toEqual(rules);
  });
});
