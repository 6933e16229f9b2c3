import { decodeWire, encodeWire } from '../wire-codec.ts';

type Message =
  | { readonly kind: 'call'; readonly callId: number; readonly fn: number; readonly args: readonly unknown[] }
  | { readonly kind: 'return'; readonly callId: number; readonly ok: boolean; readonly value: unknown }
  | { readonly kind: 'settle'; readonly promise: number; readonly ok: boolean; readonly value: unknown };
type AnyFunction = (...args: unknown[]) => unknown;
interface Settle {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/**
 * One end of the bridge between the page's world and the preload's: functions and promises stay where they are, values are
 * copied. DOM events are dispatched synchronously across worlds, so a call returns its value at once, as Electron's does.
 */
export class BridgeEnd {
  private readonly sendEvent: string;
  private readonly functions: AnyFunction[] = [];
  private readonly returns = new Map<number, Extract<Message, { kind: 'return' }>>();
  private readonly promises = new Map<number, Settle>();
  private lastCall = 0;
  private lastPromise = 0;

  constructor(sendEvent: string, receiveEvent: string) {
    this.sendEvent = sendEvent;
    window.addEventListener(receiveEvent, (event) => {
      this.receive(decodeWire((event as CustomEvent<string>).detail) as Message);
    });
  }

  /** A copy that may cross; functions and promises become references to this end. */
  export(value: unknown): unknown {
    if (typeof value === 'function') return ['function', this.functions.push(value as AnyFunction) - 1];
    if (value instanceof Promise) return this.exportPromise(value);
    if (value instanceof Error) return ['error', value.message];
    if (Array.isArray(value)) return ['array', value.map((item) => this.export(item))];
    if (isPlain(value)) return ['object', Object.entries(value).map(([key, item]) => [key, this.export(item)])];
    return ['value', value];
  }

  /** The copy on the other side; references become functions and promises that call back. */
  import(value: unknown): unknown {
    const [kind, payload] = value as readonly [string, unknown];
    switch (kind) {
      case 'function':
        return (...args: unknown[]) => this.callRemote(payload as number, args);
      case 'promise':
        return new Promise((resolve, reject) => this.promises.set(payload as number, { resolve, reject }));
      case 'error':
        return new Error(payload as string);
      case 'array':
        return (payload as unknown[]).map((item) => this.import(item));
      case 'object':
        return Object.fromEntries((payload as [string, unknown][]).map(([key, item]) => [key, this.import(item)]));
      default:
        return payload;
    }
  }

  private exportPromise(promise: Promise<unknown>): unknown {
    this.lastPromise += 1;
    const id = this.lastPromise;
    promise.then(
      (value) => this.send({ kind: 'settle', promise: id, ok: true, value: this.export(value) }),
      (error) => this.send({ kind: 'settle', promise: id, ok: false, value: this.export(toError(error)) }),
    );
    return ['promise', id];
  }

  private callRemote(fn: number, args: readonly unknown[]): unknown {
    this.lastCall += 1;
    const callId = this.lastCall;
    this.send({ kind: 'call', callId, fn, args: args.map((arg) => this.export(arg)) });
    const answer = this.returns.get(callId);
    this.returns.delete(callId);
    if (answer === undefined) throw new Error('The other world did not answer.');
    if (!answer.ok) throw this.import(answer.value);
    return this.import(answer.value);
  }

  private receive(message: Message): void {
    if (message.kind === 'call') {
      this.answer(message);
    } else if (message.kind === 'return') {
      this.returns.set(message.callId, message);
    } else {
      const settle = this.promises.get(message.promise);
      this.promises.delete(message.promise);
      if (message.ok) settle?.resolve(this.import(message.value));
      else settle?.reject(this.import(message.value) as Error);
    }
  }

  private answer({ callId, fn, args }: Extract<Message, { kind: 'call' }>): void {
    try {
      const value = this.functions[fn]?.(...args.map((arg) => this.import(arg)));
      this.send({ kind: 'return', callId, ok: true, value: this.export(value) });
    } catch (error) {
      this.send({ kind: 'return', callId, ok: false, value: this.export(toError(error)) });
    }
  }

  private send(message: Message): void {
    window.dispatchEvent(new CustomEvent(this.sendEvent, { detail: encodeWire(message) }));
  }
}

const toError = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error(String(thrown)));

function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}
