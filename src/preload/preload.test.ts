import { beforeEach, describe, expect, it, vi } from 'vitest';
import { IPC_CHANNELS } from '../main/ipc-channels.ts';
import { type LiveBatch, OPERATIONS, type WireAnswer } from '../shared/contract/index.ts';

interface Bridge {
  call(name: unknown, input: unknown): Promise<WireAnswer>;
  subscribe(listener: (batch: LiveBatch) => void): () => void;
  readonly host: Readonly<Record<string, (...args: unknown[]) => Promise<unknown>>>;
}
const electron = vi.hoisted(() => ({
  exposed: {} as Record<string, unknown>,
  invoked: [] as unknown[][],
  answer: { ok: true, value: null } as unknown,
  listeners: [] as [string, (event: unknown, batch: unknown) => void][],
}));
vi.mock('electron', () => ({
  contextBridge: {
    exposeInMainWorld: (key: string, api: unknown) => {
      electron.exposed[key] = api;
    },
  },
  ipcRenderer: {
    invoke: async (...args: unknown[]) => {
      electron.invoked.push(args);
      return electron.answer;
    },
    on: (channel: string, listener: (event: unknown, batch: unknown) => void) =>
      electron.listeners.push([channel, listener]),
  },
}));
await import('./index.ts');
const bridge = electron.exposed.aiworkflow as Bridge;

describe('the bridge of the desktop window', () => {
  beforeEach(() => {
    electron.invoked.length = 0;
    electron.answer = { ok: true, value: null };
  });

  it('is the only thing in the page', () => {
    expect(Object.keys(electron.exposed)).toEqual(['aiworkflow']);
    expect(Object.keys(bridge)).toEqual(['call', 'subscribe', 'host']);
  });

  it('passes every operation of the contract, and no other name, whatever it is', async () => {
    for (const name of Object.keys(OPERATIONS)) await bridge.call(name, { a: 1 });
    expect(electron.invoked).toEqual(Object.keys(OPERATIONS).map((name) => [IPC_CHANNELS.call, name, { a: 1 }]));
    electron.invoked.length = 0;
    for (const name of ['no.such', '', 'constructor', '__proto__', 'toString', IPC_CHANNELS.host, ['app.info'], null]) {
      expect(await bridge.call(name, {})).toMatchObject({ ok: false, error: { code: 'contract.unknown_operation' } });
    }
    expect(electron.invoked).toEqual([]);
  });

  it('subscribes once for all listeners and gives them the batch alone', () => {
    const heard: string[] = [];
    const leave = bridge.subscribe((...args) => heard.push(`first ${JSON.stringify(args)}`));
    bridge.subscribe(() => heard.push('second'));
    expect(electron.invoked).toEqual([[IPC_CHANNELS.subscribe]]);
    const [channel, send] = electron.listeners[0] ?? ['', () => undefined];
    expect([channel, electron.listeners.length]).toEqual([IPC_CHANNELS.events, 1]);
    send({ sender: 'of electron' }, { number: 1, events: [] });
    leave();
    send({}, { number: 2, events: [] });
    expect(heard).toEqual(['first [{"number":1,"events":[]}]', 'second', 'second']);
  });

  it('offers what the desktop can do, and says in words why it did not', async () => {
    electron.answer = { ok: true, value: '/picked' };
    expect(await bridge.host.pickFolder?.('ignored')).toBe('/picked');
    electron.answer = { ok: false, error: { code: 'file.not_found', message: 'The run has no such file.' } };
    await expect(bridge.host.openFile?.('r', 'p')).rejects.toThrow('The run has no such file.');
    await expect(bridge.host.revealFile?.('r', 'p')).rejects.toThrow('The run has no such file.');
    expect(electron.invoked).toEqual([
      [IPC_CHANNELS.host, 'pickFolder', {}],
      [IPC_CHANNELS.host, 'openFile', { runId: 'r', path: 'p' }],
      [IPC_CHANNELS.host, 'revealFile', { runId: 'r', path: 'p' }],
    ]);
  });
});
