/** Runs in the isolated world: what `require('electron')` gives a sandboxed preload script. */
import type { ContextBridge, IpcRenderer, IpcRendererEvent } from 'electron';
import { decodeWire, encodeWire } from '../wire-codec.ts';
import { BridgeEnd } from './bridge-end.ts';

type IpcListener = (event: IpcRendererEvent, ...args: unknown[]) => void;
type FromHost =
  | { readonly kind: 'answer'; readonly id: number; readonly ok: boolean; readonly value: unknown }
  | { readonly kind: 'event'; readonly channel: string; readonly args: readonly unknown[] };
/** What the process can reach in this world. */
interface WorldGlobals {
  [name: string]: unknown;
}

export interface PreloadElectron {
  readonly contextBridge: Pick<ContextBridge, 'exposeInMainWorld'>;
  readonly ipcRenderer: Pick<IpcRenderer, 'invoke' | 'send' | 'on'>;
}

/** `channel` names the DOM events and the binding to the process; nothing of it is visible in the page's world. */
export function createElectron(channel: string): PreloadElectron {
  const globals = globalThis as unknown as WorldGlobals;
  const send = globals[channel] as (text: string) => void;
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  const listeners = new Map<string, IpcListener[]>();
  let lastId = 0;

  globals[`${channel}-receive`] = (text: string): void => {
    const message = decodeWire(text) as FromHost;
    if (message.kind === 'event') {
      const event = {} as IpcRendererEvent;
      for (const listener of listeners.get(message.channel) ?? []) listener(event, ...message.args);
      return;
    }
    const call = waiting.get(message.id);
    waiting.delete(message.id);
    if (message.ok) call?.resolve(message.value);
    else call?.reject(new Error(String(message.value)));
  };
  const ipcRenderer = {
    invoke: (name: string, ...args: unknown[]) => {
      lastId += 1;
      const id = lastId;
      return new Promise((resolve, reject) => {
        const text = encodeWire({ kind: 'invoke', id, channel: name, args });
        waiting.set(id, { resolve, reject });
        send(text);
      });
    },
    send: (name: string, ...args: unknown[]) => send(encodeWire({ kind: 'send', id: 0, channel: name, args })),
    on: (name: string, listener: IpcListener) => {
      listeners.set(name, [...(listeners.get(name) ?? []), listener]);
      return ipcRenderer as unknown as IpcRenderer;
    },
  };
  const bridge = new BridgeEnd(`${channel}-to-page`, `${channel}-to-preload`);
  const exposeInMainWorld = (key: string, api: unknown): void => {
    const detail = JSON.stringify({ key, api: bridge.export(api) });
    window.dispatchEvent(new CustomEvent(`${channel}-expose`, { detail }));
  };
  return { contextBridge: { exposeInMainWorld }, ipcRenderer };
}
