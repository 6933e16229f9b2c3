import type { AgentHealth, AgentInfo, BreakerState } from '../../shared/model/agent.ts';
import { withClient } from '../client/call-reader.ts';
import { addGroup, type CommandKit } from '../command-kit.ts';
import type { CliContext, OpenClient } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { print, warn } from '../print.ts';
import { oneLine } from '../text/plain-text.ts';
import { statisticsText } from '../text/statistics-report.ts';
import { table } from '../text/table.ts';
import { isoTime } from '../text/time-text.ts';
import { ownZone, sinceOption } from '../values/option-values.ts';

/** `agent list|info|check|set-primary|stats` (SPEC §13). */
export function addAgent(kit: CommandKit): void {
  const group = addGroup(kit, 'agent', 'AI agents of the project');
  group.command('list').description('List the agents').action(kit.run(listAgents));
  group
    .command('info')
    .description('Show what an agent is and can do')
    .argument('<name>', 'name of the agent')
    .action(kit.run(showAgent));
  group
    .command('check')
    .description('Ask agents whether they are well; to one that is named and well, calls go through again')
    .argument('[name]', 'name of the agent (default: all that are installed)')
    .action(kit.run(checkAgents));
  group
    .command('set-primary')
    .description('Give agent steps to this agent from now on')
    .argument('<name>', 'name of the agent')
    .action(kit.run(setPrimary));
  group
    .command('stats')
    .description('Say how the runs of each agent fared: how many completed, how long they took, what they cost')
    .option('--since <instant>', 'only runs that were started since an instant, or since so long ago (2h, 7d)')
    .action(kit.run(showStats));
}

async function showStats(context: CliContext, { since }: { readonly since?: string }): Promise<ExitCode> {
  const from = since === undefined ? {} : { since: await sinceOption(since, Date.now()) };
  await withClient(context, async (client) => {
    const asked = { ...from, zone: ownZone(), unit: 'month' as const, max: 1 };
    const statistics = await client.call('runs.statistics', asked);
    print(context, { agents: statistics.by_agent }, () => statisticsText(statistics, ['agent']));
  });
  return EXIT.ok;
}

/** How an agent stands, in one word. */
const statusOf = (agent: AgentInfo): 'primary' | 'available' | 'planned' =>
  agent.isPrimary ? 'primary' : agent.isAvailable ? 'available' : 'planned';

/** null = nobody has asked it yet. */
const healthyOf = ({ health }: AgentInfo): boolean | null => (health.lastCheck === null ? null : health.isHealthy);

async function listAgents(context: CliContext): Promise<ExitCode> {
  const { agents, hasFile } = await withClient(context, (client) => client.call('agents.list', {}));
  if (!hasFile) return printNoFile(context);
  const rows = agents.map((agent) => ({
    name: agent.name,
    status: statusOf(agent),
    installed: agent.isInstalled,
    healthy: healthyOf(agent),
    version: agent.health.version,
  }));
  print(context, { agents: rows }, () =>
    table(
      ['NAME', 'STATUS', 'INSTALLED', 'HEALTHY', 'VERSION'],
      rows.map((row) => [row.name, row.status, yesNo(row.installed), yesNo(row.healthy), row.version ?? '']),
    ),
  );
  return EXIT.ok;
}

const yesNo = (value: boolean | null): string => (value === null ? 'not checked' : value ? 'yes' : 'no');

function printNoFile(context: CliContext): ExitCode {
  const error = 'No agent capabilities file found';
  const suggestion = "Run 'aiworkflow init' first";
  if (context.globals.json) print(context, { error, suggestion }, () => '');
  else
    context.terminal.err(
      `${context.colors.err.red('Error:')} ${error}\n${context.colors.err.cyan('Tip:')} ${suggestion}\n`,
    );
  return EXIT.error;
}

async function showAgent(context: CliContext, name: string): Promise<ExitCode> {
  const agent = await withClient(context, (client) => client.call('agents.info', { name }));
  print(context, infoValue(agent), () => infoText(agent));
  return EXIT.ok;
}

function infoValue(agent: AgentInfo): Readonly<Record<string, unknown>> {
  const { health, breaker, capabilities } = agent;
  return {
    name: agent.name,
    status: statusOf(agent),
    provider: agent.provider,
    kind: agent.kind,
    description: agent.description,
    installed: agent.isInstalled,
    install_hint: agent.installHint,
    healthy: healthyOf(agent),
    version: health.version,
    model: agent.model,
    models: agent.models,
    base_url: agent.baseUrl,
    keys: agent.keys.map((key) => ({ name: key.name, set: key.isSet })),
    failover_rank: agent.failoverRank,
    breaker: { state: breaker.state, failures: breaker.failures, opens_again_at: isoTime(breaker.opensAgainAt) },
    capabilities: {
      tool_calling: capabilities.toolCalling,
      reasoning: capabilities.reasoning,
      streaming: capabilities.streaming,
      code_execution: capabilities.codeExecution,
      file_creation: capabilities.fileCreation,
      mcp_native: capabilities.mcpNative,
      mcp_via_bridge: capabilities.mcpViaBridge,
      extended_reasoning: capabilities.extendedReasoning,
      multi_turn: capabilities.multiTurn,
      context_window: capabilities.contextWindow,
      web_search: capabilities.webSearch,
    },
    strengths: agent.strengths,
    limitations: agent.limitations,
  };
}

function infoText(agent: AgentInfo): string {
  const keys = agent.keys.map((key) => `${key.name} (${key.isSet ? 'set' : 'not set'})`);
  const lines: readonly (readonly [string, string])[] = [
    ['Status', statusOf(agent)],
    ['Provider', agent.provider],
    [
      'Installed',
      agent.isInstalled || agent.installHint === null ? yesNo(agent.isInstalled) : `no. ${agent.installHint}`,
    ],
    ['Healthy', yesNo(healthyOf(agent))],
    ['Version', agent.health.version ?? 'not known'],
    ['Model', agent.model ?? "the agent's own default"],
    ['Address', agent.baseUrl ?? ''],
    ['Keys', keys.join(', ')],
    ['Calls', CALLS[agent.breaker.state]],
    ['Good at', agent.strengths.join(', ')],
    ['Limits', agent.limitations.join('; ')],
  ];
  const shown = lines.filter(([, text]) => text !== '').map(([label, text]) => `${label.padEnd(10)} ${oneLine(text)}`);
  return [`${agent.name}: ${oneLine(agent.description)}`, ...shown].join('\n');
}

/** Whether steps reach the agent: after failures its calls are held back for a while. */
const CALLS: Readonly<Record<BreakerState, string>> = {
  closed: 'let through',
  open: 'held back',
  half_open: 'tried again with the next one',
};

async function checkAgents(context: CliContext, name: string | undefined): Promise<ExitCode> {
  const { agents, isBreakerClosed } = await withClient(context, async (client) => {
    const checked = await client.call('agents.check', name === undefined ? {} : { name });
    return { ...checked, isBreakerClosed: name !== undefined && (await closeBreaker(client, checked.agents)) };
  });
  const rows = agents.map(checkRow);
  print(context, { agents: rows, ...(isBreakerClosed ? { breaker_closed: true } : {}) }, () => {
    if (rows.length === 0) return 'No agent is installed.';
    const cells = rows.map((row) => [row.name, yesNo(row.healthy), row.version ?? '', row.error ?? '']);
    const closed = isBreakerClosed ? `Calls to ${name} were held back. They go through again.\n` : '';
    return `${table(['NAME', 'HEALTHY', 'VERSION', 'MESSAGE'], cells)}${closed}`;
  });
  // Of all agents some may be sick by right: only the one that was asked for makes it an error.
  return name !== undefined && rows.some((row) => !row.healthy) ? EXIT.error : EXIT.ok;
}

/** Whoever asks for one agent by its name and finds it well wants to use it now. True = its breaker was not closed before. */
async function closeBreaker(client: OpenClient, checked: readonly AgentHealth[]): Promise<boolean> {
  const [health] = checked;
  if (health?.isHealthy !== true) return false;
  const { name, breaker } = await client.call('agents.info', { name: health.agentName });
  if (breaker.state === 'closed') return false;
  await client.call('agents.resetBreaker', { name });
  return true;
}

const checkRow = (health: AgentHealth) => ({
  name: health.agentName,
  healthy: health.isHealthy,
  version: health.version,
  latency_ms: health.latencyMs,
  consecutive_failures: health.consecutiveFailures,
  last_check: isoTime(health.lastCheck),
  error: health.error?.message ?? null,
});

async function setPrimary(context: CliContext, name: string): Promise<ExitCode> {
  const { primary, agent } = await withClient(context, async (client) => ({
    ...(await client.call('agents.setPrimary', { name })),
    agent: await client.call('agents.info', { name }),
  }));
  const warnings = agent.isInstalled ? [] : [notInstalledText(agent)];
  for (const warning of warnings) warn(context, warning);
  const value = { primary, ...(warnings.length === 0 ? {} : { warnings }) };
  print(context, value, () => `Agent steps go to ${primary} now.`);
  return EXIT.ok;
}

const notInstalledText = ({ name, installHint }: AgentInfo): string =>
  oneLine(`${name} is not installed here: steps that go to it will fail. ${installHint ?? ''}`).trim();
