import { AppError } from '../../../shared/errors.ts';
import type { JsonMap } from '../../../shared/json.ts';
import type { FunctionTool } from '../../../shared/model/agent.ts';
import type { Diagnostic } from '../../../shared/model/diagnostic.ts';
import type { ToolOperationInfo } from '../../../shared/model/tool.ts';
import type { McpServerSpec } from '../../agent-port/index.ts';
import type { HttpClient } from '../../http/index.ts';
import { checkValue, problemLine, SERVER_SCHEMA } from '../../json-schema/index.ts';
import type { Clock } from '../../time/index.ts';
import type { OperationTraits, ToolCall, ToolResult } from '../../tool-port/index.ts';
import { checkCall } from '../check-call.ts';
import { operationHash } from '../definitions-hash.ts';
import { withDigits, withNumbers } from '../exact-integers.ts';
import { sayContained, ToldRuns } from '../needs/contain-call.ts';
import type { RegistryTool, ToolCommons, ToolDefinitions } from '../registry-port.ts';
import { guardPaths } from './guard-paths.ts';
import { limitSignal } from './limited-signal.ts';
import { findOperation } from './listed-tools.ts';
import { type LineSink, McpServer } from './mcp-server.ts';
import type { McpSession } from './mcp-session.ts';
import { commandOf, type McpSettings } from './mcp-settings.ts';
import { contained, type HostEnv, headersOf, processOf, type ServerParts } from './open-transport.ts';
import { toOutput } from './tool-result.ts';

/** What a call may write to the log of its step, characters. */
const MAX_LOG_CHARS = 10 * 1024 * 1024;

export interface McpToolOptions {
  readonly commons: ToolCommons;
  readonly settings: McpSettings;
  readonly http: HttpClient;
  readonly hostEnv: HostEnv;
  /** The project's state folder. */
  readonly stateDir: string;
  readonly ports: Clock;
}

/**
 * An MCP server as a tool of the registry (SPEC §5.3). Making it starts nothing; the server is started by the first call,
 * shared by all calls and closed when nobody has used it for five minutes. Every call first holds what the server lists against
 * what was accepted (`tool.changed`).
 */
export function createMcpTool(options: McpToolOptions): RegistryTool {
  return new McpTool(options);
}

class McpTool implements RegistryTool {
  readonly name: string;
  readonly category = 'service';
  readonly #parts: ServerParts & { readonly commons: ToolCommons };
  readonly #ports: Clock;
  readonly #server: McpServer;
  readonly #told = new ToldRuns();
  /** How an agent starts the server by itself. */
  #forAgents: ReturnType<typeof contained> | null = null;

  constructor({ ports, ...parts }: McpToolOptions) {
    this.name = parts.commons.name;
    this.#parts = parts;
    this.#ports = ports;
    this.#server = new McpServer(parts, this.#ports, {
      onChange: parts.commons.onChange,
      onListed: (definitions) => this.#listed(definitions),
    });
  }

  get operations(): readonly string[] | null {
    return this.known()?.operations.map((one) => one.name) ?? null;
  }

  known(): ToolDefinitions | null {
    return this.#parts.commons.pin.accepted();
  }

  traits(operation: string): OperationTraits {
    const known = this.known();
    const found = known === null ? null : findOperation(this.name, known, operation);
    const timeoutMs = this.#parts.settings.timeoutMs ?? this.#parts.commons.timeoutMs;
    // What the server says of its effects counts because a person accepted it.
    const base = { effect: found?.effect ?? ('effect' as const), repeatable: isRepeatable(found), timeoutMs };
    return found?.isReadOnly === true ? { ...base, readOnly: true } : base;
  }

  check(operation: string, inputs: JsonMap): readonly Diagnostic[] {
    const known = this.known();
    if (known === null) return [];
    const form = { everywhere: [], wholes: [], isClosed: false };
    return checkCall(() => findOperation(this.name, known, operation), inputs, form);
  }

  async describe(signal: AbortSignal): Promise<ToolDefinitions> {
    return this.#server.use(
      { signal, patienceMs: this.#server.startLimitMs },
      async (session) => (await session.list(signal)).definitions,
    );
  }

  async functions(signal: AbortSignal): Promise<readonly FunctionTool[]> {
    const { operations } = await this.#accepted(signal);
    return operations.map(({ name, description, parameters }) => ({
      name: `${this.name}.${name}`,
      description,
      parameters,
    }));
  }

  /** null where paths are limited: only calls that go through us can be held to that. */
  async mcpServer(): Promise<McpServerSpec | null> {
    const { commons, settings } = this.#parts;
    if (commons.allowedPaths.length > 0) return null;
    const tools = await this.#grantedNames();
    const { server } = settings;
    if (server.kind === 'url')
      return { name: this.name, url: server.url, headers: await headersOf(this.#parts, server), tools };
    const process = await processOf(this.#parts, server);
    // One way out for all agents that start it, as long as the tool lives.
    this.#forAgents ??= contained(this.#parts, { ...commandOf(server), ...process }, () => undefined);
    const { close: _, limits: __, ...started } = await this.#forAgents;
    return { name: this.name, ...process, ...started, tools };
  }

  async execute(call: ToolCall): Promise<ToolResult> {
    let isReady = false;
    const { needs } = this.#parts.commons;
    const isProcess = this.#parts.settings.server.kind !== 'url';
    const notices = isProcess ? sayContained(needs ?? null, call, { told: this.#told }) : [];
    const limit = limitSignal([cancelledSignal(call.signal)], {
      ms: call.timeoutMs,
      reason: () => (isReady ? timedOut(call, this.#server.oddities()) : this.#server.notReadyWithin(call.timeoutMs)),
      setTimer: this.#ports.setTimer,
    });
    const request = { signal: limit.signal, patienceMs: call.timeoutMs, sink: limitedSink(call.log) };
    const work = (session: McpSession): Promise<ToolResult> => {
      isReady = true;
      return this.#call(session, call, limit.signal);
    };
    try {
      const result = await this.#server.use(request, work).catch((error: unknown) => {
        // A server that does not know the session any more has done nothing: a new one is opened, once.
        if (error instanceof AppError && error.details?.session === 'forgotten') return this.#server.use(request, work);
        throw error;
      });
      return notices.length === 0 ? result : { ...result, warnings: [...notices, ...(result.warnings ?? [])] };
    } finally {
      limit.stop();
    }
  }

  server(): ReturnType<NonNullable<RegistryTool['server']>> {
    return this.#server.status();
  }

  async stopServer(): Promise<void> {
    await this.#server.stop();
  }

  describes(operation: string): string | null {
    const { pin } = this.#parts.commons;
    return operationHash(pin.lastSeen?.() ?? pin.accepted(), operation);
  }

  async renew(): Promise<void> {
    await this.#server.renew();
  }

  async close(): Promise<void> {
    await this.#server.close();
    await (await this.#forAgents?.catch(() => null))?.close();
  }

  async #call(session: McpSession, call: ToolCall, signal: AbortSignal): Promise<ToolResult> {
    const { commons } = this.#parts;
    const { definitions, names } = await session.tools(signal);
    commons.pin.check(definitions);
    const operation = findOperation(this.name, definitions, call.operation);
    await this.#checkArguments(operation, call.inputs);
    signal.throwIfAborted();
    try {
      const args = withDigits(call.inputs, operation.parameters);
      const called = await session.connection.call(names.get(operation.name) ?? operation.name, args, signal);
      const metadata = { tool: operation.name, server: session.redact(session.connection.server.name) };
      return { ...(await toOutput(operation, session.redact(called))), metadata };
    } catch (error) {
      if (error instanceof AppError && error.code === 'tool.timed_out') void this.#server.probe(session);
      throw honest(withoutKeys(error, session), operation);
    }
  }

  async #checkArguments(operation: ToolOperationInfo, inputs: JsonMap): Promise<void> {
    const { commons, settings } = this.#parts;
    const { server } = settings;
    const cwd = server.kind === 'url' ? process.cwd() : (server.folders.at(-1) ?? process.cwd());
    await guardPaths(this.name, inputs, { paths: commons.allowedPaths, cwd });
    const verdict = await checkValue(operation.parameters, withNumbers(inputs, operation.parameters), SERVER_SCHEMA);
    const name = `${this.name}.${operation.name}`;
    if (verdict.kind === 'invalid')
      throw new AppError(
        'tool.invalid_params',
        `Invalid parameters for ${name}: ${problemLine(verdict.problems[0], '')}`,
        {
          hint: "Look at the parameters of the operation with 'tools show'.",
          details: { operation: operation.name },
        },
      );
    if (verdict.kind === 'unusable')
      throw new AppError(
        'tool.definition_invalid',
        `The parameters of ${name} cannot be checked: ${verdict.problem}.`,
        {
          hint: 'The schema of the server is wrong. Look for another version of it.',
        },
      );
  }

  /** What agents are told of: what was accepted, or, before anything was, what the server lists, which is accepted thereby. */
  async #accepted(signal: AbortSignal): Promise<ToolDefinitions> {
    const accepted = this.known();
    if (accepted !== null) return accepted;
    const definitions = await this.describe(signal);
    this.#parts.commons.pin.check(definitions);
    return definitions;
  }

  /**
   * The granted tools by the server's own names. An agent that reaches the server itself passes no check of ours, so it is made
   * here.
   */
  async #grantedNames(): Promise<readonly string[]> {
    const { startLimitMs } = this.#server;
    const reason = (): AppError => this.#server.notReadyWithin(startLimitMs);
    const limit = limitSignal([], { ms: startLimitMs, reason, setTimer: this.#ports.setTimer });
    try {
      return await this.#server.use({ signal: limit.signal, patienceMs: startLimitMs }, async (session) => {
        const { definitions, names } = await session.tools(limit.signal);
        this.#parts.commons.pin.check(definitions);
        return [...names.values()];
      });
    } finally {
      limit.stop();
    }
  }

  /** The server has changed its list: the pin sees it at once, so that screens can say so; calls find out by themselves. */
  #listed(definitions: ToolDefinitions): void {
    const { pin, onChange } = this.#parts.commons;
    try {
      if (pin.accepted() !== null) pin.check(definitions);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
    }
    onChange();
  }
}

const isRepeatable = (operation: ToolOperationInfo | null): boolean =>
  operation !== null && operation.effect !== 'effect';

/**
 * SPEC §3.4 "An effect is never repeated by itself": what was lost after it was sent may have had its effect, so only an
 * operation that may be repeated is tried again.
 */
function honest(error: unknown, operation: ToolOperationInfo): unknown {
  if (!(error instanceof AppError) || !error.retryable || error.details?.phase === 'connect') return error;
  if (isRepeatable(operation)) return error;
  const { hint, details, cause } = error;
  return new AppError(error.code, error.message, { hint, details, cause, retryable: false });
}

/** What a server says in an error may hold a key that it was given. */
function withoutKeys(error: unknown, session: McpSession): unknown {
  if (!(error instanceof AppError)) return error;
  const record = session.redact(error.toRecord());
  const { hint, details, retryable } = record;
  return new AppError(error.code, record.message, { hint, details, retryable, cause: error.cause });
}

/** The caller's signal, with a reason that the step can show. */
function cancelledSignal(signal: AbortSignal): AbortSignal {
  const controller = new AbortController();
  const abort = (): void =>
    controller.abort(new AppError('run.cancelled', 'The call was ended because the run was cancelled.'));
  if (signal.aborted) abort();
  else signal.addEventListener('abort', abort, { once: true });
  return controller.signal;
}

function timedOut({ operation, timeoutMs }: ToolCall, oddities: string): AppError {
  const message = `MCP tool '${operation}' timed out after ${timeoutMs / 1000} seconds${oddities === '' ? '' : `.${oddities}`}`;
  return new AppError('tool.timed_out', message, {
    hint: "Give the step or the tool a longer 'timeout', or find out what the server waits for.",
    details: { timeout_seconds: timeoutMs / 1000 },
  });
}

/** SPEC §5.2, §5.3: what a server writes beside its answer is part of the step's log, up to a limit. */
function limitedSink(log: ToolCall['log']): LineSink {
  let left = MAX_LOG_CHARS;
  return (text, level) => {
    if (left <= 0) return;
    left -= text.length + 1;
    log('stderr', text, level);
    if (left <= 0) log('stderr', '[the log of the server is cut here, it is larger than 10 MiB]', 'warning');
  };
}
