import { contextBridge, ipcRenderer } from 'electron';

contextBridge.exposeInMainWorld('sample', {
  echo: (...args: unknown[]) => ipcRenderer.invoke('echo', ...args),
  fail: () => ipcRenderer.invoke('fail'),
  tick: () => ipcRenderer.invoke('tick'),
  pick: () => ipcRenderer.invoke('pick'),
  sum: (left: number, right: number) => left + right,
  refuse: () => {
    throw new Error('refused');
  },
  onTick: (listener: (tick: unknown) => void) => {
    ipcRenderer.on('ticked', (_event, tick) => listener(tick));
    return () => 'left';
  },
});
