/** Agents that are programs on this machine (SPEC §4.4): one process a question, ended for real, and nothing they print is trusted. */
export type { CliAdapterOptions } from './adapter-options.ts';
export { createClaudeCodeAdapter } from './claude-code/create-claude-code-adapter.ts';
export { createOpenCodeAdapter } from './opencode/create-open-code-adapter.ts';
export { createProfileAdapter } from './profiles/create-profile-adapter.ts';
export { readCliProfiles } from './profiles/read-cli-profiles.ts';
