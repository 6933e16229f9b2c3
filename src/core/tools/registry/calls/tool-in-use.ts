import { isJsonMap } from '../../../../shared/json.ts';
import { definitionProblems } from '../../definition-problems.ts';
import type { RegistryTool } from '../../registry-port.ts';
import type { OpenedImplementation } from '../implementations/opened-implementation.ts';
import type { RateLimiter } from './rate-limit.ts';

/** A tool in use: its calls keep its rate limit, and it is closed only when the last of them has ended. */
export interface ToolInUse extends OpenedImplementation {
  /** Closes it now, or when nobody calls it any more. */
  retire(): Promise<void>;
}

/** Puts the limits of the registry around a tool, and looks at what it says of itself. */
export function putToUse(
  built: OpenedImplementation,
  { limiter, requireUse }: { readonly limiter: RateLimiter | null; readonly requireUse: () => Promise<void> },
  fingerprint: () => string,
): ToolInUse {
  let calls = 0;
  let idle: (() => void) | null = null;
  const { tool: own } = built;
  const execute: RegistryTool['execute'] = async (call) => {
    calls += 1;
    try {
      await requireUse();
      const waitedMs = limiter === null ? 0 : await limiter.take(call.timeoutMs, call.signal);
      return await own.execute({ ...call, timeoutMs: call.timeoutMs - waitedMs });
    } finally {
      calls -= 1;
      if (calls === 0) idle?.();
    }
  };
  const whenIdle = (): Promise<void> =>
    calls === 0
      ? Promise.resolve()
      : new Promise((resolve) => {
          idle = resolve;
        });
  return {
    ...built,
    tool: Object.assign(wrap(own, { execute, requireUse, isLimited: limiter !== null }), { fingerprint }),
    load: async () => [...(await built.load()), ...definitionProblems(own.name, own.known())],
    retire: () => whenIdle().then(() => own.close()),
  };
}

/** Whether the schema of an operation allows a text there and no number. Nothing is known before the tool was reached once. */
function wantsText(own: RegistryTool, operation: string, input: string): boolean {
  const plain = (name: string): string => name.replaceAll('-', '_');
  const found = own.known()?.operations.find((one) => plain(one.name) === plain(operation));
  const { properties } = found?.parameters ?? {};
  const schema = isJsonMap(properties) && Object.hasOwn(properties, input) ? properties[input] : undefined;
  const types = isJsonMap(schema) ? [schema.type].flat() : [];
  return types.includes('string') && !types.includes('number') && !types.includes('integer');
}

/** The same tool with another `execute`; what reaches it is asked for first. */
function wrap(
  own: RegistryTool,
  {
    execute,
    requireUse,
    isLimited,
  }: {
    readonly execute: RegistryTool['execute'];
    readonly requireUse: () => Promise<void>;
    readonly isLimited: boolean;
  },
): RegistryTool {
  const { limits, renew, describes, functions, mcpServer, recover, server, stopServer } = own;
  return {
    name: own.name,
    category: 'service',
    get operations() {
      return own.operations;
    },
    wantsText: (operation, input) => wantsText(own, operation, input),
    traits: (operation) => own.traits(operation),
    check: (operation, inputs) => [
      ...definitionProblems(own.name, own.known(), operation),
      ...own.check(operation, inputs),
    ],
    known: () => own.known(),
    describe: (signal) => requireUse().then(() => own.describe(signal)),
    execute,
    close: () => own.close(),
    ...(renew === undefined ? {} : { renew: () => renew.call(own) }),
    ...(limits === undefined ? {} : { limits: (operation, permissions) => limits.call(own, operation, permissions) }),
    ...(describes === undefined ? {} : { describes: (operation) => describes.call(own, operation) }),
    ...(functions === undefined ? {} : { functions: (signal) => requireUse().then(() => functions.call(own, signal)) }),
    // An agent that reaches the server by itself passes no limit of ours.
    ...(mcpServer === undefined || isLimited ? {} : { mcpServer: () => mcpServer.call(own) }),
    ...(recover === undefined ? {} : { recover: (call) => recover.call(own, call) }),
    ...(server === undefined ? {} : { server: () => server.call(own) }),
    ...(stopServer === undefined ? {} : { stopServer: () => stopServer.call(own) }),
  };
}
