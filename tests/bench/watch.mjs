// A watch over 50,000 files beside chokidar alone, one of them in this process: node --expose-gc watch.mjs <ours|chokidar> --tree=DIR --dir=DIR
import path from 'node:path';
import { loadWatch } from './load-engine.mjs';
import { emit, parseArgs, performance, round } from './measure.mjs';

const args = parseArgs();
const [who] = args._;
const MB = 2 ** 20;

const collect = () => {
  globalThis.gc();
  globalThis.gc();
  return process.memoryUsage();
};

async function startOurs() {
  const { Store, systemClock, chokidarHints, isNetworkFolder, WatchPart } = await loadWatch();
  const dir = String(args.dir);
  const store = new Store({
    storeFile: path.join(dir, 'state.db'),
    logsFile: path.join(dir, 'logs.db'),
    blobsDir: path.join(dir, 'blobs'),
    onLog: () => {},
    onConversation: () => {},
    usedFolders: [],
  });
  const trigger = { key: 'bench/watch', kind: 'file', workflowId: 'bench', definitionHash: 'bench', pause: null };
  store.triggers.ensure(trigger, 0);
  const part = new WatchPart({
    place: { project: dir, stateDir: path.join(dir, 'state') },
    files: store.watchedFiles,
    inlet: { receive: async () => {}, start: async () => {} },
    findWriter: () => null,
    hints: chokidarHints,
    isNetwork: isNetworkFolder,
    clock: systemClock,
    newId: () => '',
    notice: () => {},
    pause: () => {},
    onChange: () => {},
    onBug: (error) => {
      throw error;
    },
  });
  return async () => {
    part.update([{ ...trigger, config: { path: String(args.tree), patterns: ['*'] } }]);
    await part.settled();
    const [{ state }] = part.list();
    if (state.status !== 'watching' || state.files !== 50_000) throw new Error(JSON.stringify(state));
    return part;
  };
}

async function startChokidar() {
  const { watch } = await import('chokidar');
  return async () => {
    const watcher = watch(String(args.tree), { ignoreInitial: true });
    await new Promise((resolve) => watcher.once('ready', resolve));
    return watcher;
  };
}

const begin = who === 'ours' ? await startOurs() : await startChokidar();
const before = collect();
const cpuBefore = process.cpuUsage();
const startedAt = performance.now();
const held = await begin();
const readyMs = performance.now() - startedAt;
const cpu = process.cpuUsage(cpuBefore);
// What is looked at once more after the start is over by then.
await new Promise((resolve) => setTimeout(resolve, 3_000));
const after = collect();
emit({
  who,
  ready_ms: round(readyMs, 0),
  heap_mb: round((after.heapUsed - before.heapUsed) / MB, 1),
  rss_mb: round((after.rss - before.rss) / MB, 0),
  cpu_ms: round(cpu.user / 1000 + cpu.system / 1000, 0),
  held: typeof held,
});
process.exit(0);
