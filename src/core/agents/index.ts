/** Agents (SPEC §4): who there is and how they are, what they are asked, and what becomes of their answers. */
export { AgentDirectory } from './agent-directory.ts';
export { AGENT_READING, createAgentTool } from './agent-tool.ts';
export { checkCompatibility } from './capabilities/check-compatibility.ts';
export { readCapabilityFile } from './capabilities/read-capability-file.ts';
export { checkAgentSettings } from './check-agent-settings.ts';
export { chooseFirstAgent, type FirstAgent } from './choose-first-agent.ts';
export { createAdapters, readAdapters } from './create-adapters.ts';
export { createDemoAdapter } from './demo/demo-adapter.ts';
export { readAgentNames } from './read-agent-names.ts';
export { type AgentSetUp, readAgentSetUps } from './read-agent-set-ups.ts';
export type { SelectionRequest } from './selection/select-agent.ts';
