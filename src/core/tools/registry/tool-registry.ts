import { realpath } from 'node:fs/promises';
import type { ToolList, ToolTest } from '../../../shared/contract/index.ts';
import { AppError, type ErrorRecord, toErrorRecord } from '../../../shared/errors.ts';
import type { JsonMap } from '../../../shared/json.ts';
import type { Diagnostic } from '../../../shared/model/diagnostic.ts';
import type { ToolCallOutcome, ToolDetail } from '../../../shared/model/tool.ts';
import { didYouMean } from '../../../shared/suggest-name.ts';
import type { HttpClient } from '../../http/index.ts';
import type { ProcessRunner } from '../../processes/index.ts';
import type { ToolCatalog } from '../../tool-port/index.ts';
import { createCatalog } from '../create-catalog.ts';
import type { RegistryTool, ToolDefinitions } from '../registry-port.ts';
import { type CallHooks, callTool } from './calls/call-tool.ts';
import type { RegistryPorts } from './calls/rate-limit.ts';
import { testTool } from './calls/test-tool.ts';
import type { ReadToolSecret } from './implementations/authentication.ts';
import type { Slot } from './implementations/open-implementation.ts';
import type { ToolParts } from './implementations/opened-implementation.ts';
import { type ListedTool, LiveRegistry } from './live-registry.ts';
import { PinStore } from './pins/pin-store.ts';
import { detailOf, problemText, summaryOf, type ToolFacts } from './tool-views.ts';

/** Describing a server may mean to download it first. */
const DESCRIBE_LIMIT_MS = 6 * 60_000;

export interface ToolRegistryOptions {
  readonly projectPath: string;
  readonly registryFile: string;
  /** Pins, fetched specs and scratch folders are kept here. */
  readonly stateDir: string;
  readonly runner: ProcessRunner;
  readonly http: HttpClient;
  readonly hostEnv: Readonly<Record<string, string | undefined>>;
  /** `tools.timeout`, ms. */
  readonly timeoutMs: number;
  /** `tools.type_priority`. */
  readonly typePriority: readonly string[];
  /** Something that screens show has changed. */
  readonly onChange: () => void;
  /** Told every value that logs in, before it is used. */
  readonly onSecret?: (value: string) => void;
  /** Reads a secret of the store for a tool. Default: there are none. Errors: `secret.*`. */
  readonly readSecret?: ReadToolSecret;
  /** Asked before anything of a tool is reached or started. Throws why it may not be. Default: it may. */
  readonly requireUse?: () => Promise<void>;
  readonly ports: RegistryPorts;
}

/**
 * The tools of a project (SPEC §5.1), opened with it. Reading the registry, listing and validating start no process and send nothing
 * (DESIGN decision 13); only `refresh`, `test`, `call` and the tools themselves do. Files that change on disk are seen at the next look.
 */
export class ToolRegistry {
  readonly #options: ToolRegistryOptions;
  readonly #pins: PinStore;
  readonly #live: LiveRegistry;
  readonly #failures = new Map<string, ErrorRecord>();
  readonly #catalogs = new Map<string, ToolCatalog>();
  readonly #closing = new AbortController();
  /** Calls and descriptions that were asked for here. */
  readonly #working = new Set<Promise<unknown>>();

  private constructor(options: ToolRegistryOptions) {
    this.#options = options;
    this.#pins = new PinStore(options.stateDir, options.ports.now);
    const parts: ToolParts = {
      ...options,
      pins: this.#pins,
      onSecret: options.onSecret ?? (() => undefined),
      readSecret: options.readSecret ?? null,
      requireUse: options.requireUse ?? (() => Promise.resolve()),
    };
    this.#live = new LiveRegistry(parts, options.typePriority);
    this.#freshen();
  }

  /** Reads the registry; a missing one is an empty one, a wrong one says what is wrong with it in `list`. */
  static async open(options: ToolRegistryOptions): Promise<ToolRegistry> {
    const projectPath = await realpath(options.projectPath).catch(() => options.projectPath);
    return new ToolRegistry({ ...options, projectPath });
  }

  /**
   * The tools that an agent can use (no agent: all), each by its best implementation. A tool with an error in its entry is there and
   * says what is wrong when it is used.
   */
  catalog(agent?: string): ToolCatalog {
    this.#freshen();
    const key = agent ?? '';
    const catalog =
      this.#catalogs.get(key) ?? createCatalog(this.#live.list(agent).flatMap((one) => this.#toolOf(one) ?? []));
    this.#catalogs.set(key, catalog);
    return catalog;
  }

  /** What is wrong with the registry and with the files that it names. */
  async problems(): Promise<readonly Diagnostic[]> {
    await this.reload();
    const found = await Promise.all(this.#live.list().map((one) => this.#load(one)));
    return [...this.#live.problems, ...found.flat()];
  }

  /** Every tool, by name, and what is wrong with the registry. */
  async list(): Promise<ToolList> {
    await this.reload();
    const tools = await Promise.all(this.#live.list().map((one) => this.#factsOf(one)));
    const problems = await this.problems();
    return {
      tools: tools.map((one) => summaryOf(one, this.#pins)).toSorted((a, b) => (a.name < b.name ? -1 : 1)),
      hasRegistry: this.#live.hasRegistry,
      problems: [...new Set(problems.map(problemText))],
    };
  }

  /** `tool.not_found`. */
  async show(name: string): Promise<ToolDetail> {
    await this.reload();
    return detailOf(await this.#factsOf(this.#find(name)), { pins: this.#pins, hostEnv: this.#options.hostEnv });
  }

  /** The tools whose entries name a secret of the store to log in with, as the registry was read last. */
  secretNames(): readonly { readonly name: string; readonly secret: string }[] {
    return this.#live.list().flatMap(({ entry: { name, authentication } }) => {
      const secret = authentication?.secret ?? null;
      return secret === null ? [] : [{ name, secret }];
    });
  }

  /**
   * Reaches the tool and lists its operations. The first definitions are accepted; others only with `accept`, the hash that a person
   * saw. Errors: `tool.not_found`, `tool.changed` (`accept` names something else than what the tool says now), `file.*`, and those of the tool.
   */
  async refresh(name: string, accept?: string): Promise<ToolDetail> {
    await this.reload();
    const { slots } = this.#find(name);
    const [slot] = slots;
    if (slot !== undefined) {
      const current = await this.#describe(slot);
      if (this.#live.toolOf(slot).isPinned) await this.#pins.review(slot.pinKey, current, accept);
    }
    this.#options.onChange();
    return this.show(name);
  }

  /**
   * Calls one operation outside a run. Errors: `tool.not_found`, `tool.unknown_operation`, `tool.invalid_params`, `tool.changed`,
   * `tool.rate_limited`, and those of the tool.
   */
  async call(name: string, operation: string, params: JsonMap, hooks: CallHooks): Promise<ToolCallOutcome> {
    await this.reload();
    const tool = this.#require(name);
    await this.#load(this.#find(name));
    const signal = AbortSignal.any([hooks.signal, this.#closing.signal]);
    try {
      return await this.#watch(callTool({ tool, operation, params }, { ...this.#options, log: hooks.log, signal }));
    } finally {
      this.#options.onChange();
    }
  }

  /** Reaches the tool without calling an operation and without accepting anything. `tool.not_found`. */
  async test(name: string): Promise<ToolTest> {
    await this.reload();
    const found = this.#find(name);
    await this.#load(found);
    const [slot] = found.slots;
    const result = await testTool(found.entry, slot ?? null, {
      hostEnv: this.#options.hostEnv,
      pins: this.#pins,
      describe: (wanted) => this.#describe(wanted),
      isPinned: slot !== undefined && this.#live.toolOf(slot).isPinned,
    });
    this.#options.onChange();
    return result;
  }

  /** Ends the process of an MCP server; nothing for any other tool. `tool.not_found`. */
  async stopServer(name: string): Promise<void> {
    await this.#require(name).stopServer?.();
    this.#options.onChange();
  }

  /** Looks at the disk; what has changed is made anew. Cheap when nothing has. */
  async reload(): Promise<void> {
    this.#freshen();
  }

  /** Ends calls from screens and every server, and waits until nothing is left of them. */
  async close(): Promise<void> {
    this.#closing.abort(new AppError('run.cancelled', 'The app is closing.'));
    await Promise.all([this.#live.close(), Promise.allSettled(this.#working)]);
    await this.#pins.saved().catch(() => undefined);
  }

  #freshen(): void {
    if (!this.#live.freshen()) return;
    this.#catalogs.clear();
    this.#failures.clear();
  }

  #find(name: string): ListedTool {
    const found = this.#live.find(name);
    if (found !== null) return found;
    const names = this.#live.list().map(({ entry }) => entry.name);
    throw new AppError('tool.not_found', `Tool not found: ${name}`, {
      hint: didYouMean(name, names) ?? "List the tools with 'aiworkflow tools list'.",
      details: { tool: name },
    });
  }

  #require(name: string): RegistryTool {
    const found = this.#find(name);
    if (found.entry.error !== null) throw AppError.fromRecord(found.entry.error);
    const tool = this.#toolOf(found);
    if (tool !== null) return tool;
    throw new AppError('tool.registry_invalid', `Tool '${name}' has no implementation.`);
  }

  #toolOf({ slots }: ListedTool): RegistryTool | null {
    return slots[0] === undefined ? null : this.#live.toolOf(slots[0]).tool;
  }

  async #load({ slots: [slot] }: ListedTool): Promise<readonly Diagnostic[]> {
    if (slot === undefined) return [];
    const inUse = this.#live.toolOf(slot);
    return [...inUse.problems, ...(await inUse.load())];
  }

  async #factsOf(found: ListedTool): Promise<ToolFacts> {
    await this.#load(found);
    const [slot] = found.slots;
    const inUse = slot === undefined ? null : this.#live.toolOf(slot);
    return {
      ...found,
      tool: inUse?.tool ?? null,
      isPinned: inUse?.isPinned ?? false,
      failure: inUse?.error()?.toRecord() ?? this.#failures.get(found.entry.name) ?? null,
    };
  }

  async #describe(slot: Slot): Promise<ToolDefinitions> {
    const { name } = slot.entry;
    const limit = new AbortController();
    const late = new AppError('tool.timed_out', `The tool '${name}' did not list its operations in time.`);
    const stop = this.#options.ports.setTimer(DESCRIBE_LIMIT_MS, () => limit.abort(late));
    try {
      const signal = AbortSignal.any([limit.signal, this.#closing.signal]);
      const described = await this.#watch(this.#live.toolOf(slot).tool.describe(signal));
      this.#failures.delete(name);
      return described;
    } catch (error) {
      this.#failures.set(name, toErrorRecord(error));
      this.#options.onChange();
      throw error;
    } finally {
      stop();
    }
  }

  #watch<T>(work: Promise<T>): Promise<T> {
    this.#working.add(work);
    const done = (): boolean => this.#working.delete(work);
    work.then(done, done);
    return work;
  }
}
