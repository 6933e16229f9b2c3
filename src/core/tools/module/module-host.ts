import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { type JsonMap, writeJson } from '../../../shared/json.ts';
import { HOST_ERRORS, type HostDescription, type HostRequest, replyStart } from './protocol.ts';

/*
 * Entry of the process of a JavaScript or TypeScript adapter (SPEC §5.5): one request on stdin, one answer on stdout, then the end.
 * What the adapter prints goes to stdout as well; the answer is told apart by its id.
 */
type Operation = (parameters: JsonMap, context: { readonly signal: AbortSignal }) => unknown;
type Namespace = Readonly<Record<string, unknown>>;

interface Adapter {
  readonly operations: ReadonlyMap<string, Operation>;
  readonly schema: unknown;
}

/** How long an operation that was told to stop may take to tidy up. */
const GRACE_MS = 500;
const MAX_MESSAGE_CHARS = 16 * 1024;

class HostFailure extends Error {
  readonly code: number;
  constructor(code: number, message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

/** What is printed leaves at once, also from a loop that never ends: it is live, and its cap counts. */
for (const stream of [process.stdout, process.stderr])
  (stream as { readonly _handle?: { setBlocking?(isBlocking: boolean): void } })._handle?.setBlocking?.(true);

const cancelled = new AbortController();
process.once('SIGTERM', () => {
  cancelled.abort(new Error('The call was cancelled.'));
  setTimeout(() => process.exit(143), GRACE_MS).unref();
});

const request = JSON.parse(await text(process.stdin), keepDigits) as HostRequest;
const field = await answer(request).then(
  (result) => `"result":${result}`,
  (thrown: unknown) => `"error":${JSON.stringify(toError(thrown))}`,
);
const line = `${replyStart(request.id)}${field}}`;
// Pending timers and connections of the adapter have nothing to say any more.
process.stdout.write(`\n${line}\n`, () => process.exit(0));

/** An integer that no double can hold is a bigint. */
function keepDigits(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  const source = context?.source ?? '';
  return typeof value === 'number' && /^-?\d+$/.test(source) && !Number.isSafeInteger(value) ? BigInt(source) : value;
}

/** The JSON text of the result. */
async function answer({ method, params }: HostRequest): Promise<string> {
  const adapter = await load(params.adapter).catch((thrown: unknown) => {
    throw new HostFailure(HOST_ERRORS.load, messageOf(thrown), thrown);
  });
  if (method === 'describe') return toText(describe(adapter));
  const operation = adapter.operations.get(params.operation);
  if (operation === undefined)
    throw new HostFailure(HOST_ERRORS.unknownOperation, [...adapter.operations.keys()].join(', '));
  return toText(await operation(params.parameters as JsonMap, { signal: cancelled.signal }));
}

function toText(value: unknown): string {
  try {
    return writeJson(value) ?? 'null';
  } catch (cause) {
    throw new HostFailure(HOST_ERRORS.result, messageOf(cause), cause);
  }
}

async function load(path: string): Promise<Adapter> {
  const module = (await import(pathToFileURL(path).href)) as Namespace;
  const main = typeof module.default === 'object' && module.default !== null ? (module.default as Namespace) : {};
  const operations = new Map<string, Operation>();
  for (const source of [main, module])
    for (const name of Object.keys(source)) add(operations, name, source[name], source);
  const Class = [module.Adapter, main.Adapter, module.default].find(isClass);
  const instance = Class === undefined ? {} : (new Class() as Namespace);
  for (const name of methodsOf(instance)) add(operations, name, instance[name], instance);
  const schemas = [module.schema, main.schema, (Class as Namespace | undefined)?.schema, instance.schema];
  return { operations, schema: schemas.find((schema) => schema !== undefined) };
}

/** Functions with a plain name; classes, and what begins with an underscore, are the adapter's own. */
function add(operations: Map<string, Operation>, name: string, value: unknown, owner: object): void {
  if (typeof value !== 'function' || isClass(value) || name === 'default' || !/^[A-Za-z]\w{0,199}$/.test(name)) return;
  operations.set(name, (...args) => Reflect.apply(value, owner, args));
}

function methodsOf(instance: object): readonly string[] {
  const names = new Set<string>(Object.keys(instance));
  for (let from = Object.getPrototypeOf(instance) as object | null; from !== null && from !== Object.prototype; ) {
    for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(from)))
      if (name !== 'constructor' && typeof property.value === 'function') names.add(name);
    from = Object.getPrototypeOf(from) as object | null;
  }
  return [...names];
}

function isClass(value: unknown): value is new () => object {
  return typeof value === 'function' && /^class\b/.test(Function.prototype.toString.call(value));
}

function describe({ operations, schema }: Adapter): Omit<HostDescription, 'schema'> & { readonly schema: unknown } {
  const found = [...operations.keys()].map((name) => ({
    ...{ name, description: '', parameters: null, readOnly: false, idempotent: false },
  }));
  return { operations: found, schema: schema ?? null };
}

function toError(thrown: unknown): unknown {
  const cause = thrown instanceof HostFailure ? (thrown.cause ?? thrown) : thrown;
  // The whole of it is for the log of the step.
  if (!(cause instanceof HostFailure)) console.error(cause);
  const code = thrown instanceof HostFailure ? thrown.code : HOST_ERRORS.failed;
  const type = cause instanceof Error ? cause.constructor.name || cause.name : typeof cause;
  return { code, message: messageOf(thrown).slice(0, MAX_MESSAGE_CHARS), data: { type } };
}

function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
