/**
 * The bridge of the desktop window: what `window.aiworkflow` is. It runs sandboxed, beside the page and apart from it; no
 * channel and nothing of Electron reaches the page, only these functions and plain values.
 */
import { contextBridge, ipcRenderer } from 'electron';
import { isOperationName, type LiveBatch, type WireAnswer } from '../shared/contract/index.ts';

// The same names as in `src/main/ipc-channels.ts`: this file may import nothing but the contract.
const CALL = 'aiworkflow:call';
const SUBSCRIBE = 'aiworkflow:subscribe';
const EVENTS = 'aiworkflow:events';
const HOST = 'aiworkflow:host';
const COMMAND = 'aiworkflow:command';

type Listener = (batch: LiveBatch) => void;
const listeners = new Set<Listener>();
let isSubscribed = false;

const unknownOperation: WireAnswer = {
  ok: false,
  error: {
    code: 'contract.unknown_operation',
    kind: 'invalid',
    message: 'There is no such operation.',
    retryable: false,
  },
};

/** One operation of the contract; any other name is refused here and never leaves the window. */
async function call(name: string, input: unknown): Promise<WireAnswer> {
  if (typeof name !== 'string' || !isOperationName(name)) return unknownOperation;
  return ipcRenderer.invoke(CALL, name, input) as Promise<WireAnswer>;
}

function subscribe(listener: Listener): () => void {
  const own: Listener = (batch) => listener(batch);
  listeners.add(own);
  if (!isSubscribed) {
    isSubscribed = true;
    ipcRenderer.on(EVENTS, (_event, batch: LiveBatch) => {
      for (const each of [...listeners]) each(batch);
    });
    void ipcRenderer.invoke(SUBSCRIBE);
  }
  return () => {
    listeners.delete(own);
  };
}

async function actOnHost(action: string, input: unknown): Promise<unknown> {
  const answer = (await ipcRenderer.invoke(HOST, action, input)) as WireAnswer;
  if (answer.ok) return answer.value;
  throw new Error(answer.error.message);
}

let obey: ((command: unknown) => void) | null = null;

/** What the menu or the system asks the page for, also what came before it listened. The last listener is the one that is called. */
function onCommand(listener: (command: unknown) => void): void {
  if (obey === null) ipcRenderer.on(COMMAND, (_event, command: unknown) => obey?.(command));
  obey = listener;
  void ipcRenderer.invoke(HOST, 'listen', {});
}

contextBridge.exposeInMainWorld('aiworkflow', {
  call,
  subscribe,
  host: {
    pickFolder: () => actOnHost('pickFolder', {}),
    openFile: (runId: string, path: string) => actOnHost('openFile', { runId, path }),
    revealFile: (runId: string, path: string) => actOnHost('revealFile', { runId, path }),
    settings: () => actOnHost('settings', {}),
    lockedSettings: () => actOnHost('lockedSettings', {}),
    changeSettings: (some: unknown) => actOnHost('changeSettings', some),
    showKeys: (keys: unknown) => actOnHost('showKeys', keys),
    onCommand,
  },
});
