import { resolve } from 'node:path';
import type { JsonMap } from '../../../shared/json.ts';
import type { McpServerSpec } from '../../agent-port/index.ts';

/** The name under which an agent knows a server or a tool: letters, digits, `_` and `-`. */
export const plainName = (name: string): string => name.replace(/[^A-Za-z0-9_-]/g, '_');

/** How a stdio server is started by an agent that starts servers in its own working folder. */
export function commandIn(
  spec: Extract<McpServerSpec, { readonly command: string }>,
  agentFolder: string,
): { readonly command: string; readonly args: readonly string[] } {
  const isElsewhere = resolve(spec.cwd) !== resolve(agentFolder);
  if (!isElsewhere || process.platform === 'win32') return { command: spec.command, args: spec.args };
  return {
    command: '/bin/sh',
    args: ['-c', 'cd "$1" && shift && exec "$@"', 'sh', spec.cwd, spec.command, ...spec.args],
  };
}

/** `mcpServers` of Claude Code's `--mcp-config`. */
export function claudeMcpConfig(servers: readonly McpServerSpec[], workDir: string): JsonMap {
  const entries = servers.map((spec): [string, JsonMap] => {
    const name = plainName(spec.name);
    if ('url' in spec) return [name, { type: 'http', url: spec.url, headers: spec.headers }];
    return [name, { type: 'stdio', ...commandIn(spec, workDir), env: spec.env }];
  });
  return { mcpServers: Object.fromEntries(entries) };
}

/** `mcp__server__tool` of every granted tool. */
export const claudeMcpTools = (servers: readonly McpServerSpec[]): readonly string[] =>
  servers.flatMap(({ name, tools }) => tools.map((tool) => `mcp__${plainName(name)}__${plainName(tool)}`));

/** `mcp` of OpenCode's settings. */
export function openCodeMcpConfig(servers: readonly McpServerSpec[]): JsonMap {
  const entries = servers.map((spec): [string, JsonMap] => {
    const name = plainName(spec.name);
    if ('url' in spec)
      return [name, { type: 'remote', url: spec.url, headers: spec.headers, oauth: false, enabled: true }];
    const command = [spec.command, ...spec.args];
    return [name, { type: 'local', command, environment: spec.env, cwd: spec.cwd, enabled: true }];
  });
  return Object.fromEntries(entries);
}

/** `server_tool` of every granted tool. */
export const openCodeMcpTools = (servers: readonly McpServerSpec[]): readonly string[] =>
  servers.flatMap(({ name, tools }) => tools.map((tool) => `${plainName(name)}_${plainName(tool)}`));
