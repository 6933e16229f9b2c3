import { decodeWire, encodeWire } from '../wire-codec.ts';

/** One end of the bridge between the page's world and the preload's: functions stay where they are, values are copied. */
export interface BridgeEnd {
  /** A copy that may cross; functions and promises become references to this end. */
  export(value: unknown): unknown;
  /** The copy on the other side; references become functions and promises that call back. */
  import(value: unknown): unknown;
}

type Message =
  | { readonly kind: 'call'; readonly callId: number; readonly fn: number; readonly args: readonly unknown[] }
  | { readonly kind: 'return'; readonly callId: number; readonly ok: boolean; readonly value: unknown }
  | { readonly kind: 'settle'; readonly promise: number; readonly ok: boolean; readonly value: unknown };
type AnyFunction = (...args: unknown[]) => unknown;
type Settle = { readonly resolve: (value: unknown) => void; readonly reject: (error: Error) => void };

/** DOM events are dispatched synchronously across worlds, so a call returns its value at once, as Electron's bridge does. */
export function createBridgeEnd(sendEvent: string, receiveEvent: string): BridgeEnd {
  const functions: AnyFunction[] = [];
  const returns = new Map<number, Extract<Message, { kind: 'return' }>>();
  const promises = new Map<number, Settle>();
  let lastCall = 0;
  let lastPromise = 0;
  const send = (message: Message): void => {
    window.dispatchEvent(new CustomEvent(sendEvent, { detail: encodeWire(message) }));
  };

  const exportValue = (value: unknown): unknown => {
    if (typeof value === 'function') return ['function', functions.push(value as AnyFunction) - 1];
    if (value instanceof Promise) return exportPromise(value);
    if (value instanceof Error) return ['error', value.message];
    if (Array.isArray(value)) return ['array', value.map(exportValue)];
    if (typeof value === 'object' && value !== null && isPlain(value)) {
      return ['object', Object.entries(value).map(([key, item]) => [key, exportValue(item)])];
    }
    return ['value', value];
  };
  const exportPromise = (promise: Promise<unknown>): unknown => {
    lastPromise += 1;
    const id = lastPromise;
    promise.then(
      (value) => send({ kind: 'settle', promise: id, ok: true, value: exportValue(value) }),
      (error) => send({ kind: 'settle', promise: id, ok: false, value: exportValue(toError(error)) }),
    );
    return ['promise', id];
  };
  const importValue = (value: unknown): unknown => {
    const [kind, payload] = value as readonly [string, unknown];
    if (kind === 'function') return (...args: unknown[]) => callRemote(payload as number, args);
    if (kind === 'promise') {
      return new Promise((resolve, reject) => promises.set(payload as number, { resolve, reject }));
    }
    if (kind === 'error') return new Error(payload as string);
    if (kind === 'array') return (payload as unknown[]).map(importValue);
    if (kind === 'object') {
      return Object.fromEntries((payload as [string, unknown][]).map(([key, item]) => [key, importValue(item)]));
    }
    return payload;
  };
  const callRemote = (fn: number, args: readonly unknown[]): unknown => {
    lastCall += 1;
    const callId = lastCall;
    send({ kind: 'call', callId, fn, args: args.map(exportValue) });
    const answer = returns.get(callId);
    returns.delete(callId);
    if (answer === undefined) throw new Error('The other world did not answer.');
    if (!answer.ok) throw importValue(answer.value);
    return importValue(answer.value);
  };
  const answerCall = (message: Extract<Message, { kind: 'call' }>): void => {
    const { callId } = message;
    try {
      const value = functions[message.fn]?.(...message.args.map(importValue));
      send({ kind: 'return', callId, ok: true, value: exportValue(value) });
    } catch (error) {
      send({ kind: 'return', callId, ok: false, value: exportValue(toError(error)) });
    }
  };

  window.addEventListener(receiveEvent, (event) => {
    const message = decodeWire((event as CustomEvent<string>).detail) as Message;
    if (message.kind === 'call') return answerCall(message);
    if (message.kind === 'return') return void returns.set(message.callId, message);
    const settle = promises.get(message.promise);
    promises.delete(message.promise);
    if (message.ok) settle?.resolve(importValue(message.value));
    else settle?.reject(importValue(message.value) as Error);
  });
  return { export: exportValue, import: importValue };
}

const toError = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error(String(thrown)));

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}
