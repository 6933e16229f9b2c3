import { expect, test } from 'vitest';
import { testDirectory } from './agents.test-support.ts';
import { checkAgentSettings } from './check-agent-settings.ts';

const settings = (agent: object, fallbackAgents: readonly string[] = []) => {
  const given = {
    ...{ primary: 'opencode', isPrimaryWritten: true, fallback: null, selectionStrategy: 'manual', autoSelection: [] },
    ...{ configs: {}, failover: { fallbackAgents } },
    ...agent,
  };
  return given as unknown as Parameters<typeof checkAgentSettings>[0];
};
const { names } = testDirectory([]).directory;
const messages = (given: ReturnType<typeof settings>) =>
  checkAgentSettings(given, names).map((one) => `${one.message} -> ${one.fix}`);

test('names of agents that there are need no word, also where they cannot be reached yet', () => {
  expect(messages(settings({ fallback: 'ollama' }, ['demo', 'codex']))).toEqual([]);
  expect(messages(settings({ primary: 'nobody', isPrimaryWritten: false }))).toEqual([]);
});

test('a name that nobody has is told with its key and what was meant', () => {
  expect(messages(settings({ primary: 'opncode', fallback: 'ollma' }, ['demo', 'clade-code', 'zzz']))).toEqual([
    "'agent.primary' of aiworkflow.yaml: There is no agent 'opncode' here -> Did you mean 'opencode'?",
    "'agent.fallback' of aiworkflow.yaml: There is no agent 'ollma' here -> Did you mean 'ollama'?",
    "'agent.failover.fallback_agents' of aiworkflow.yaml: There is no agent 'clade-code' here -> Did you mean 'claude-code'?",
    `'agent.failover.fallback_agents' of aiworkflow.yaml: There is no agent 'zzz' here -> Agents here: ${names.join(', ')}.`,
  ]);
});
