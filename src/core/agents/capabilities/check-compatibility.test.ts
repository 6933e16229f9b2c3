import { expect, test } from 'vitest';
import type { AgentSupport } from '../../../shared/model/workflow.ts';
import { DEFAULT_CAPABILITIES, readCapabilityWords, toCapabilityWords } from './capability-words.ts';
import { checkCompatibility, supportsFeature } from './check-compatibility.ts';

const workflow = (
  agents: readonly { name: string; status: AgentSupport }[],
  features: readonly [string, 'required' | 'recommended' | 'optional'][] = [],
) => ({
  agents,
  requirements: { tools: [], permissions: [], features: features.map(([name, level]) => ({ name, level })) },
});
const agent = { name: 'alpha', capabilities: DEFAULT_CAPABILITIES };

test.each([
  ['recommended', true],
  ['supported', true],
  ['partial', true],
  ['limited', false],
  ['experimental', false],
  ['not_supported', false],
] as const)('an agent that is listed as %s', (status, isCompatible) => {
  expect(checkCompatibility(workflow([{ name: 'alpha', status }]), agent)).toEqual(
    isCompatible
      ? []
      : [{ severity: 'error', code: 'agent.incompatible', message: 'Workflow not compatible with agent: alpha' }],
  );
});

test('one that is not listed is compatible', () => {
  expect(checkCompatibility(workflow([{ name: 'beta', status: 'not_supported' }]), agent)).toEqual([]);
});

test('a required feature that is missing is an error, a recommended one a warning, an optional one nothing', () => {
  const found = checkCompatibility(
    workflow(
      [],
      [
        ['mcp', 'required'],
        ['web_search', 'recommended'],
        ['flying', 'optional'],
        ['streaming', 'required'],
      ],
    ),
    agent,
  );
  expect(found.map((one) => [one.severity, one.message])).toEqual([
    ['error', "The agent alpha lacks the feature 'mcp', which the workflow requires"],
    ['warning', "The agent alpha lacks the feature 'web_search', which the workflow recommends"],
  ]);
});

test('features', () => {
  const can = { ...DEFAULT_CAPABILITIES, toolCalling: 'supported', mcpViaBridge: true } as const;
  expect(['tool_calling', 'reasoning', 'mcp', 'file_editing'].map((one) => supportsFeature(can, one))).toEqual([
    true,
    true,
    true,
    true,
  ]);
  expect(
    ['mcp_native', 'advanced_reasoning', 'parallel_execution', 'anything'].map((one) => supportsFeature(can, one)),
  ).toEqual([false, false, false, false]);
  expect(supportsFeature(DEFAULT_CAPABILITIES, 'tool_calling')).toBe(false);
});

test('words and record say the same', () => {
  for (const one of [
    DEFAULT_CAPABILITIES,
    { ...DEFAULT_CAPABILITIES, mcpViaBridge: true, webSearch: true, codeExecution: false },
  ])
    expect(readCapabilityWords(toCapabilityWords(one))).toEqual(one);
});
