import type { AgentRequest } from '../../../agent-port/index.ts';
import type { StepLimits } from '../step-limits.ts';

/** Of an argument vector; a larger schema is left to the prompt, which names it anyway. */
const MAX_SCHEMA_CHARS = 64 * 1024;
/** Never read by itself, whatever the step may read. */
const SECRET_FILES = ['Read(**/.env)', 'Read(**/.env.*)'];
const READ_TOOLS = ['Read', 'Glob', 'Grep'];

export interface ClaudeCall {
  readonly request: Pick<AgentRequest, 'model' | 'schema' | 'maxBudgetUsd'>;
  readonly limits: StepLimits;
  /** null = no servers. */
  readonly mcpConfig: string | null;
  /** `mcp__server__tool`. */
  readonly mcpTools: readonly string[];
}

/**
 * The command line of one question (SPEC §4.4). `--restricted` keeps the file tools inside the working folder and settings of
 * the project (hooks, permissions) out; `dontAsk` refuses whatever is not allowed here. Holds no secret.
 */
export function claudeArgs({ request, limits, mcpConfig, mcpTools }: ClaudeCall): readonly string[] {
  const { tools, allowed } = claudeRules(limits);
  const schema = schemaArgument(request.schema);
  return [
    ...['-p', '--output-format', 'stream-json', '--verbose', '--include-partial-messages'],
    ...['--no-session-persistence', '--restricted', '--permission-mode', 'dontAsk', '--strict-mcp-config'],
    ...(request.model === null ? [] : ['--model', request.model]),
    ...(schema === null ? [] : ['--json-schema', schema]),
    ...(request.maxBudgetUsd === null ? [] : ['--max-budget-usd', request.maxBudgetUsd]),
    ...(mcpConfig === null ? [] : ['--mcp-config', mcpConfig]),
    ...['--tools', ...(tools.length === 0 ? [''] : tools)],
    ...argumentList('--allowedTools', [...allowed, ...mcpTools]),
    ...argumentList('--disallowedTools', SECRET_FILES),
  ];
}

const argumentList = (name: string, values: readonly string[]): readonly string[] =>
  values.length === 0 ? [] : [name, ...values];

/** The built-in tools that a step gets, and the rules by which they may be used. */
function claudeRules(limits: StepLimits): { readonly tools: readonly string[]; readonly allowed: readonly string[] } {
  const tools: string[] = [];
  const allowed: string[] = [];
  if (limits.read?.length !== 0) {
    tools.push(...READ_TOOLS);
    allowed.push(...READ_TOOLS);
  }
  if (limits.write.length > 0) {
    tools.push('Edit', 'Write');
    // A leading slash means the working folder; rules for Edit hold for every tool that writes files.
    allowed.push(...limits.write.map((glob) => `Edit(/${glob.replace(/^\.\//, '')})`));
  }
  if (limits.commands.length > 0) {
    tools.push('Bash');
    allowed.push(...limits.commands.map((command) => (command === '*' ? 'Bash' : `Bash(${command}:*)`)));
  }
  if (limits.hosts.length > 0) {
    tools.push('WebFetch');
    allowed.push(...limits.hosts.map((host) => `WebFetch(domain:${host})`));
  }
  return { tools, allowed };
}

/** Structured output is a tool of its own there, so it has to be an object. */
function schemaArgument(schema: AgentRequest['schema']): string | null {
  if (schema === null || schema.type !== 'object') return null;
  const text = JSON.stringify(schema);
  return text.length > MAX_SCHEMA_CHARS ? null : text;
}
