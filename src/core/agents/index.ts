/** Agents (SPEC §4): who there is and how they are, what they are asked, and what becomes of their answers. */
export { AgentDirectory, type AgentDirectoryOptions } from './agent-directory.ts';
export type { AgentFailover } from './agent-settings.ts';
export { AGENT_READING, type AgentToolOptions, createAgentTool } from './agent-tool.ts';
export { checkCompatibility, supportsFeature } from './capabilities/check-compatibility.ts';
export { type CapabilityFile, readCapabilityFile } from './capabilities/read-capability-file.ts';
export { checkAgentSettings } from './check-agent-settings.ts';
export { chooseFirstAgent, type FirstAgent } from './choose-first-agent.ts';
export { type AdapterSources, type CreatedAdapters, createAdapters, readAdapters } from './create-adapters.ts';
export { createDemoAdapter } from './demo/demo-adapter.ts';
export { type AgentPlaces, readAgentNames } from './read-agent-names.ts';
export type { AgentStats, RuleRequest } from './selection/routing-rules.ts';
export type { AgentSelection, SelectionRequest } from './selection/select-agent.ts';
