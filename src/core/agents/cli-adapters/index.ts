/** Agents that are programs on this machine (SPEC §4.4): one process a question, ended for real, and nothing they print is trusted. */
export type { CliAdapterOptions, StartTimer } from './adapter-options.ts';
export { createClaudeCodeAdapter } from './claude-code/create-claude-code-adapter.ts';
export { createOpenCodeAdapter } from './opencode/create-open-code-adapter.ts';
export type { CliProfile } from './profiles/cli-profile.ts';
export { createProfileAdapter, type ProfileAdapterOptions } from './profiles/create-profile-adapter.ts';
export { type CliProfiles, readCliProfiles } from './profiles/read-cli-profiles.ts';
