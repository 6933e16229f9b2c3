import type { ToolOperationInfo } from '../../../shared/model/tool.ts';
import type { HttpClient } from '../../http/index.ts';
import { limitOf, type OperationTraits, type ToolCall, type ToolResult } from '../../tool-port/index.ts';
import { checkCall, unknownOperation } from '../check-call.ts';
import { operationHash } from '../definitions-hash.ts';
import type { RegistryTool, ToolCommons, ToolDefinitions } from '../registry-port.ts';
import { type AccessTokens, createAccessTokens } from './access-tokens.ts';
import { baseUrlOf, hostOf } from './base-url.ts';
import { callOperation } from './call-operation.ts';
import { operationName } from './operation-id.ts';
import { createSend } from './send.ts';
import { checkSettings, createSpecSource, type SpecSource } from './spec-source.ts';

export interface OpenApiToolOptions {
  readonly commons: ToolCommons;
  readonly http: HttpClient;
  /** Absolute; wins over `specUrl`. */
  readonly specFile: string | null;
  /** Fetched by `describe()` alone. */
  readonly specUrl: string | null;
  /** Written in the registry: its host may be private. */
  readonly baseUrl: string | null;
  /** Where a fetched spec is kept. */
  readonly cacheDir: string;
  /** References of a spec inside it may lead anywhere below it; others only below the spec's own folder. */
  readonly projectDir?: string;
}

interface OpenApiTool {
  readonly options: OpenApiToolOptions;
  readonly source: SpecSource;
  readonly tokens: AccessTokens;
}

/**
 * A tool of the registry that is an HTTP API with an OpenAPI 3.0 or 3.1 spec (SPEC §5.4). Reading a `spec_path` starts and sends
 * nothing; a `spec_url` is fetched by `describe()` and kept for all later calls. `paginate` among the inputs: see `paginate.ts`.
 * `tool.definition_invalid` for a `specFile` that is not absolute.
 */
export function createOpenApiTool(options: OpenApiToolOptions): RegistryTool {
  const { commons, specFile, specUrl, baseUrl, cacheDir, http } = options;
  const { name, allowedHosts, timeoutMs } = commons;
  checkSettings({ specFile, tool: name });
  const projectDir = options.projectDir ?? null;
  const settings = { tool: name, specFile, specUrl, baseUrl, cacheDir, projectDir, allowedHosts, timeoutMs, http };
  const tool: OpenApiTool = { options, source: createSpecSource(settings), tokens: createAccessTokens() };
  const known = knownDefinitions(tool);
  return {
    name,
    category: 'service',
    get operations() {
      return known()?.operations.map((operation) => operation.name) ?? null;
    },
    known,
    traits: (operation) => traitsOf(tool, known(), operation),
    check: (operation, inputs) => {
      const definitions = known();
      return [
        ...(tool.source.current()?.typeProblems(operation) ?? []),
        ...(definitions === null ? [] : checkCall(() => find(name, definitions, operation), inputs, FORM)),
      ];
    },
    describe: async (signal) => (await tool.source.refresh(signal)).definitions,
    functions: async () => {
      const { definitions } = await tool.source.load();
      commons.pin.check(definitions);
      return definitions.operations.map((operation) => ({
        name: `${name}.${operation.name}`,
        description: operation.description,
        parameters: operation.parameters,
      }));
    },
    // It asks hosts and does nothing else; what it reads are files that its inputs name.
    limits: () => ['write', 'commands', 'hosts', 'env'],
    describes: (operation) => operationHash(known(), operation),
    renew: async () => tool.tokens.forgetAll(),
    execute: (call) => execute(tool, call),
    close: () => Promise.resolve(),
  };
}

/**
 * What was read, else what was accepted. The first question has the local files read meanwhile; screens are told when that is done.
 */
function knownDefinitions({ source, options: { commons } }: OpenApiTool): () => ToolDefinitions | null {
  let isAsked = false;
  return () => {
    const current = source.current();
    if (current !== null) return current.definitions;
    if (!isAsked) {
      isAsked = true;
      // What is wrong with the spec is said to whoever uses it.
      source.load().then(commons.onChange, () => undefined);
    }
    return commons.pin.accepted();
  };
}

function find(tool: string, known: ToolDefinitions, operation: string): ToolOperationInfo {
  const plain = operationName(operation);
  const found =
    known.operations.find(({ name }) => name === operation) ?? known.operations.find(({ name }) => name === plain);
  if (found !== undefined) return found;
  throw unknownOperation(
    tool,
    operation,
    known.operations.map(({ name }) => name),
  );
}

/** As long as nothing is known of it, an operation is taken for one that must not be repeated. */
function traitsOf({ options }: OpenApiTool, known: ToolDefinitions | null, operation: string): OperationTraits {
  const { name, timeoutMs } = options.commons;
  const { effect, isReadOnly = false } =
    known === null ? ({ effect: 'effect' } as const) : find(name, known, operation);
  return { effect, repeatable: effect !== 'effect', timeoutMs, ...(isReadOnly ? { readOnly: true } : {}) };
}

/** Inputs that every operation may have beside its parameters; a whole body brings its required properties with it. */
const WHOLES = ['body', 'request_body'];
const FORM = { everywhere: [...WHOLES, 'paginate'], wholes: WHOLES, isClosed: true };

async function execute({ options, source, tokens }: OpenApiTool, call: ToolCall): Promise<ToolResult> {
  const { commons, http, baseUrl, specUrl } = options;
  const spec = await source.load();
  commons.pin.check(spec.definitions);
  const ready = await spec.ready(call.operation);
  const base = baseUrlOf({ tool: commons.name, baseUrl, server: ready.operation.server, specUrl });
  const written = baseUrl === null ? null : hostOf(baseUrl);
  const logins = ready.operation.schemes.flatMap((one) => (one.type === 'oauth2' ? [one.tokenUrl] : []));
  const ownHosts = [base, ...logins].map(hostOf).filter((host) => host !== null);
  const send = createSend({
    http,
    signal: call.signal,
    timeoutMs: call.timeoutMs,
    allowedHosts: written === null ? commons.allowedHosts : [...commons.allowedHosts, written],
    // A written list of hosts is a limit.
    isConfined: commons.allowedHosts.length > 0,
    only: limitOf(call.permissions, 'hosts'),
    // The tool was named with its own server; a server is no word of the workflow.
    declaredHosts: call.declaredHosts && [...call.declaredHosts, ...ownHosts],
  });
  const { name, auth } = commons;
  return callOperation({ tool: name, spec, ready, base, auth, tokens, send, specUrl, log: call.log }, call.inputs);
}
