import { describe, expect, it } from 'vitest';
import { errors, frontmatter, problems, read, step } from './reading.test-support.ts';

const STEP = step('action: a.b');

describe('frontmatter (SPEC §1)', () => {
  it.each(['---\n---\n', '---\n---', '---  \n--- \t\n', '\ufeff---\r\n---\r\n'])('%j is empty', (text) => {
    const { workflow, diagnostics } = read(`${text}${text.endsWith('\n') ? '' : '\n'}${STEP}`);
    expect(workflow).toMatchObject({ hasFrontmatter: true, id: 'unnamed', name: 'Unnamed Workflow', version: '1.0.0' });
    expect(diagnostics).toEqual([]);
  });

  it('may be missing', () => {
    expect(read(STEP).workflow.hasFrontmatter).toBe(false);
    expect(read(`\n---\nworkflow: {id: x}\n---\n${STEP}`).workflow.id).toBe('unnamed');
  });

  it('may end the file', () => {
    expect(errors('---\nworkflow: {id: x}\n---')).toEqual(['1 Workflow must have at least one step']);
  });

  it('must be closed', () => {
    expect(errors(`---\nworkflow: {id: x}\n${STEP}`)[0]).toBe(
      '1 Invalid YAML frontmatter: it is never closed by a line ---',
    );
    expect(errors(`---\n\nJust a line above.\n\n${STEP}`)).toEqual([]);
  });

  it.each([
    ['workflow: {id: x', '2 Invalid YAML frontmatter: '],
    ['- a', '2 Invalid YAML frontmatter: it must be a map of keys'],
    ['workflow:\n\tid: x', '3 Invalid YAML frontmatter: Tabs are not allowed as indentation'],
    ['workflow: {id: x}\nworkflow: {id: y}', "3 Invalid YAML frontmatter: Key 'workflow' is written twice"],
  ])('%j is bad YAML', (yaml, message) => {
    expect(errors(frontmatter(yaml))[0]).toContain(message);
  });

  it.each([
    ['workflow: {id: ""}', '2 Workflow must have an ID'],
    ['workflow:\n  id:\n', '3 Workflow must have an ID'],
    ['workflow: {name: " "}', '2 Workflow must have a name'],
    ['workflow: x', "2 'workflow' must be a map, it is a text"],
    ['workflow: {tags: {a: 1}}', "2 'tags' must be a list of texts, it is a map"],
    [
      'compatibility: {min_version: 1.0.1}',
      '2 The workflow needs format version 1.0.1, this product reads up to 1.0.0',
    ],
    ['compatibility: {min_version: 2}', '2 The workflow needs format version 2, this product reads up to 1.0.0'],
    ['compatibility: {min_version: new}', "2 'min_version' must be a version such as 1.0.0, not 'new'"],
    ['execution: {error_handling: panic}', "2 'error_handling' must be stop, continue or rollback, not 'panic'"],
    ['execution: {max_retries: 21}', "2 'max_retries' must be a whole number from 0 to 20, it is 21"],
    ['execution: {timeout: -5}', "2 'timeout': Duration '-5' is negative"],
    ['execution: {timeout: 400d}', "2 'timeout': Duration '400d' is longer than 366 days"],
    ['execution: {concurrency: maybe}', "2 'concurrency' must be allow, skip, queue or cancel_previous, not 'maybe'"],
    ['risk_level: huge', "2 'risk_level' must be low, medium or high, not 'huge'"],
    ['version_policy: newest', "2 'version_policy' must be latest or pin, not 'newest'"],
    [
      'requirements: {features: [{tool_calling: must}]}',
      "2 The level of feature 'tool_calling' must be required, recommended or optional",
    ],
  ])('%j: %s', (yaml, message) => {
    expect(errors(frontmatter(yaml))).toEqual([message]);
  });

  it.each([
    ['workflow: {titel: x}', "2 warning Unknown key 'titel'"],
    ['workflow: {versoin: "1"}', "2 warning Unknown key 'versoin' -> Did you mean 'version'?"],
    ['excution: {}', "2 warning Unknown key 'excution' -> Did you mean 'execution'?"],
    ['name: x', "2 warning Unknown key 'name' -> Move 'name' under 'workflow:'."],
    ['timeout: 5m', "2 warning Unknown key 'timeout' -> Move 'timeout' under 'execution:'."],
    [
      'execution: {timeout: abc}',
      "2 warning 'timeout': 'abc' is not a duration such as 30s, 5m or 1h30m; the default is used -> Write for example 30s, 5m or 1h30m.",
    ],
    [
      'execution: {timeout: ""}',
      "2 warning 'timeout': The duration is empty; the default is used -> Write for example 30s, 5m or 1h30m.",
    ],
    [
      'compatibility: {agents: [{demo: suported}]}',
      "2 warning Unknown agent status 'suported', it counts as supported -> Did you mean 'supported'?",
    ],
    ['requirements: {features: [stream]}', "2 warning Unknown feature 'stream'"],
  ])('%j: %s', (yaml, message) => {
    expect(problems(frontmatter(yaml))).toEqual([message]);
  });

  it('reads everything it knows', () => {
    const yaml = [
      'workflow: {id: Flow-1, name: Flow, version: 1.0, description: D, author: A, tags: [a, 2]}',
      'compatibility: {min_version: 1.0, agents: [{opencode: recommended}, demo, {x: partial, y: not_supported}]}',
      'requirements: {tools: [slack], permissions: ["mail:read"], features: [tool_calling, {streaming: optional}]}',
      'execution: {timeout: 1h30m, max_retries: 0, error_handling: continue, max_concurrent_steps: 8, concurrency: skip,',
      '  rollback_on_cancel: true, enforce_success: true, agent: demo, model: m}',
      'risk_level: high\nestimated_duration: 5 minutes\nversion_policy: pin',
    ].join('\n');
    const { workflow, diagnostics } = read(frontmatter(yaml));
    expect(diagnostics).toEqual([]);
    expect(workflow).toMatchObject({
      id: 'Flow-1',
      version: '1.0',
      tags: ['a', '2'],
      minVersion: '1.0',
      agents: [
        { name: 'opencode', status: 'recommended' },
        { name: 'demo', status: 'supported' },
        { name: 'x', status: 'partial' },
        { name: 'y', status: 'not_supported' },
      ],
      requirements: {
        tools: ['slack'],
        permissions: ['mail:read'],
        features: [{ level: 'required' }, { name: 'streaming', level: 'optional' }],
      },
      execution: {
        timeoutMs: 5_400_000,
        maxRetries: 0,
        errorHandling: 'continue',
        maxConcurrentSteps: 8,
        concurrency: 'skip',
        rollbackOnCancel: true,
        enforceSuccess: true,
        agent: 'demo',
        model: 'm',
      },
      riskLevel: 'high',
      estimatedDuration: '5 minutes',
      versionPolicy: 'pin',
    });
  });
});

describe('body sections (SPEC §1.2)', () => {
  const block = (yaml: string): string => `\`\`\`yaml\n${yaml}\n\`\`\`\n`;

  it('appends triggers, merges inputs and reads success conditions', () => {
    const body = `## Triggers\n${block('triggers: [{type: manual}]')}###### deep\n${block('triggers: {file: {path: in}}')}# Inputs of it\n${block('inputs: {a: 2, c: 3}')}${STEP}## SUCCESS when\n${block('success_conditions: ["steps_failed == 0", true]')}`;
    const { workflow, diagnostics } = read(
      `---\ntriggers: [{type: event, name: run.failed}]\ninputs: {a: 1, b: 1}\n---\n${body}`,
    );
    expect(diagnostics).toEqual([]);
    expect(workflow.triggers.map((trigger) => trigger.type)).toEqual(['event', 'manual', 'file']);
    expect(workflow.inputs.map((input) => [input.name, input.default])).toEqual([
      ['a', '2'],
      ['b', '1'],
      ['c', '3'],
    ]);
    expect(workflow.successConditions).toEqual(['steps_failed == 0', true]);
  });

  it('a section ends at the next heading of level 1 to 4', () => {
    expect(read(`## Trigger\n#### Notes\n${block('triggers: [manual]')}${STEP}`).workflow.triggers).toEqual([]);
  });

  it('a deeper heading under a step is prose, one of its level is a section', () => {
    expect(read(`${STEP}### Trigger the build\n${block('triggers: [manual]')}`).workflow.triggers).toEqual([]);
    expect(read(`${STEP}## Trigger\n${block('triggers: [manual]')}`).workflow.triggers).toHaveLength(1);
  });

  it('a step heading never counts as a section', () => {
    expect(read(`## Step 1: Trigger it\n${block('action: a.b')}`).workflow.steps).toHaveLength(1);
  });

  it('warns of a block without a kind in a step section unless it is an example', () => {
    const fix = "Add 'action' or another kind key, or tag the block 'yaml example'.";
    expect(problems(`${STEP}${block('foo: bar')}`)).toEqual([
      `6 warning This block is no step: it has no kind key such as action -> ${fix}`,
    ]);
    expect(problems(`${STEP}\`\`\`yaml example\nfoo: [\n\`\`\`\n`)).toEqual([]);
    expect(errors(`${STEP}${block('- action: a.b')}`)).toEqual(['6 A step block must be a map, this one is a list']);
  });

  it('never drops a block with bad YAML', () => {
    expect(errors(`${STEP}## Rules\n${block('a: b: c')}`)).toEqual([
      '7 Invalid YAML: Nested mappings are not allowed in compact mappings',
    ]);
    const { workflow, diagnostics } = read(
      `## Step 1: A\n${block('action: a.b\noutput_variable: x\ninputs: {{ y }}')}## Step 2: B\n${block('action: a.c\ninputs: {v: "{{ x }}"}')}`,
    );
    expect(workflow.steps.map((one) => one.id)).toEqual(['step_1', 'step_2']);
    expect(diagnostics.map((one) => [one.line, one.step, one.severity])).toEqual([[5, 'step_1', 'error']]);
    expect(diagnostics[0]?.fix).toBe('Put text with {{ }} in quotes: "{{ name }}".');
  });

  it('warns of other keys in a section', () => {
    expect(problems(`## Triggers\n${block('schedule: "0 9 * * *"')}${STEP}`)).toEqual([
      "3 warning Unknown key 'schedule' in a section for triggers -> Put the block under 'triggers:'.",
    ]);
  });

  it('keeps lines and columns of fences in lists and quotes, with CRLF', () => {
    const text =
      '# T\r\n## Step 1: A\r\n1. Do it\r\n   ```yaml\r\n   action: a.b\r\n   timeot: 5s\r\n   ```\r\n> ```yaml\r\n> action: a.c\r\n> timeot: 5s\r\n> ```\r\n';
    expect(read(text).diagnostics.map((one) => [one.line, one.column, one.step])).toEqual([
      [6, 4, 'step_1'],
      [10, 3, 'step_1b'],
    ]);
  });
});
