import { join } from 'node:path';
import type { LiveEvent } from '../../shared/contract/index.ts';
import { NO_USAGE } from '../../shared/model/agent.ts';
import type { Diagnostic } from '../../shared/model/diagnostic.ts';
import {
  AgentDirectory,
  checkAgentSettings,
  createAgentTool,
  readAdapters,
  readCapabilityFile,
} from '../agents/index.ts';
import { PriceBook, PriceFileNotice, UnpricedNotice } from '../costs/index.ts';
import type { AgentHost, CostHost, EnginePorts } from '../engine/index.ts';
import type { SecretStore } from '../governance/index.ts';
import { createHttpClient, type HttpClient } from '../http/index.ts';
import type { DesktopNotices } from '../notices/index.ts';
import type { ProcessRunner } from '../processes/index.ts';
import type { ProjectConfig, ProjectPaths } from '../projects/index.ts';
import type { Redactor } from '../redaction/index.ts';
import type { Store } from '../storage/index.ts';
import { ToolRegistry } from '../tools/index.ts';
import { type BookedCall, BudgetKeeper, type CostAlert } from './budget-keeper.ts';
import { type LimitNotice, limitFills, NoticeChannels } from './notice-channels.ts';
import type { ProjectGate } from './project-gate.ts';

interface ServiceOptions {
  readonly paths: ProjectPaths;
  readonly gate: ProjectGate;
  readonly config: ProjectConfig;
  readonly hostEnv: Readonly<Record<string, string | undefined>>;
  readonly store: Store;
  readonly redactor: Redactor;
  readonly runner: ProcessRunner;
  readonly secrets: SecretStore;
  readonly ports: EnginePorts;
  /** Folder of the files that ship with the product: prices. */
  readonly resourcesDir: string;
  readonly desktop: DesktopNotices;
  readonly publish: (event: LiveEvent) => void;
  readonly onBug: (error: unknown) => void;
}

/** What steps of a project reach beyond the engine: agents, tools, prices, one way out over HTTP, and what must not be said. */
export interface ProjectServices {
  readonly redactor: Redactor;
  readonly http: HttpClient;
  readonly agents: AgentDirectory;
  /** What is wrong with the files that describe agents. */
  readonly agentProblems: readonly Diagnostic[];
  readonly agentHost: AgentHost;
  readonly costs: CostHost;
  readonly budget: BudgetKeeper;
  readonly channels: NoticeChannels;
  readonly prices: PriceBook;
  readonly tools: ToolRegistry;
  close(): Promise<void>;
}

/** Names of variables whose values never reach a journal, a log or a screen. */
const SECRET_NAME = /(?:^|_)(?:KEY|APIKEY|TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIALS?)$/i;

/** Opens them. Starts no process and sends nothing (DESIGN decision 13). */
export async function openProjectServices(options: ServiceOptions): Promise<ProjectServices> {
  const { paths, gate, config, hostEnv, store, redactor, runner, secrets, ports, publish, onBug } = options;
  redactor.add(secretsOf(hostEnv));
  const http = createHttpClient({ clock: ports });
  const { adapters, diagnostics } = await readAdapters({
    configs: config.agent.configs,
    profilesDir: paths.profilesDir,
    projectPath: paths.project,
    http,
    runner,
    hostEnv,
    onKey: (key) => redactor.addKeys([key]),
    readKey: (agent, name) => (secrets.has(name) ? secrets.read(name, { kind: 'agent', name: agent }) : null),
  });
  const file = await readCapabilityFile(paths.capabilitiesFile);
  const agents = new AgentDirectory({
    adapters,
    settings: config.agent,
    file,
    breakers: store.breakers,
    hostEnv,
    clock: ports,
    isHealing: config.features.autoHealing,
    onChange: () => publish({ kind: 'agents' }),
    onBug,
  });
  const tools = await ToolRegistry.open({
    projectPath: paths.project,
    registryFile: paths.registryFile,
    stateDir: paths.stateDir,
    runner,
    http,
    hostEnv,
    timeoutMs: config.tools.timeoutMs,
    typePriority: config.tools.typePriority,
    onChange: () => publish({ kind: 'tools' }),
    requireUse: () => gate.require(),
    onSecret: (value) => redactor.add([value]),
    readSecret: (tool, name) => secrets.read(name, { kind: 'tool', name: tool }),
    ports,
  });
  const prices = new PriceBook({ shipped: join(options.resourcesDir, 'prices.yaml'), projectFile: paths.pricesFile });
  const budget = new BudgetKeeper({
    limits: store.limits,
    now: ports.now,
    price: ({ inputTokens, outputTokens, ...call }) =>
      prices.price({ ...call, usage: { ...NO_USAGE, inputTokens, outputTokens }, reportedCost: null, at: ports.now() })
        .cost,
  });
  const channels = new NoticeChannels(config.monitoring.alertChannels, {
    ...{ http, desktop: options.desktop, env: options.hostEnv, now: ports.now },
    readSecret: (channel, name) => (secrets.has(name) ? secrets.read(name, { kind: 'channel', name: channel }) : null),
    requireUse: () => gate.require(),
  });
  const hasBridge = config.features.mcpBridge;
  const tool = createAgentTool(agents, {
    projectPath: paths.project,
    hasBridge,
    now: ports.now,
    progress: config.costs.noProgress,
  });
  return {
    redactor,
    http,
    agents,
    agentProblems: [...file.diagnostics, ...diagnostics, ...checkAgentSettings(config.agent, agents.names)],
    agentHost: toAgentHost(agents, tool),
    costs: toCostHost({ prices, budget, channels, now: ports.now }),
    budget,
    channels,
    prices,
    tools,
    close: async () => {
      await Promise.all([agents.close(), tools.close()]);
      await http.close();
    },
  };
}

const secretsOf = (env: Readonly<Record<string, string | undefined>>): readonly string[] =>
  Object.entries(env).flatMap(([name, value]) => (SECRET_NAME.test(name) && value !== undefined ? [value] : []));

const toAgentHost = (agents: AgentDirectory, tool: AgentHost['tool']): AgentHost => ({
  tool,
  failover: agents.failover,
  timeoutMs: (name) => agents.timeoutMs(name),
  modelOf: (name) => agents.modelOf(name),
  canTake: (name, signal) => agents.canTake(name, signal),
  countFailure: (name) => agents.countFailure(name),
  countSuccess: (name) => agents.countSuccess(name),
});

interface CostParts {
  readonly prices: PriceBook;
  readonly budget: BudgetKeeper;
  readonly channels: NoticeChannels;
  readonly now: () => number;
}

function toCostHost({ prices: book, budget, channels, now }: CostParts): CostHost {
  const unpriced = new UnpricedNotice();
  const files = new PriceFileNotice();
  return {
    reserve: (call, signal) => budget.reserve(call, signal),
    lostCalls: (place, mayHaveCalled) => budget.lostCalls(place, mayHaveCalled),
    alerts: (call, warn) =>
      budget.alerts(call).map((alert) => {
        if (alert.limit.action_on_limit === 'notify')
          channels.sendToAll(limitFills(limitNotice(alert, call, now())), (channel, { message }) =>
            warn(`The notice to '${channel}' could not be delivered: ${message}`),
          );
        return alert.text;
      }),
    priceSoFar: (call) => book.price(call).cost,
    price: (call) => {
      const price = book.price(call);
      const warnings = [files.warn(book.problems(), call.at), price.cost === null ? unpriced.warn(call) : null];
      return { ...price, warning: warnings.filter((text) => text !== null).join(' ') || null };
    },
  };
}

const limitNotice = ({ limit, level, spent, text }: CostAlert, call: BookedCall, at: number): LimitNotice => ({
  event: 'cost.limit',
  limit: limit.name,
  level,
  spent,
  max_cost: limit.max_cost,
  run_id: call.runId,
  workflow_id: call.workflowId,
  text,
  at: new Date(at).toISOString(),
});
