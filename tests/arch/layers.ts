/** DESIGN §2 as data: who may import whom. `tests/arch/imports.test.ts` holds every file of `src/` against it. */

/** Where a file belongs: a top folder of `src/`, an area of core (`core/engine`), core's own files (`core`), or a renderer part. */
export type Layer = string;

export interface LayerRule {
  /** Layers whose files it may import, besides its own. Of an area of core only its `index.ts`, whoever imports it. */
  readonly layers: readonly Layer[];
  /** Packages it may import. */
  readonly packages: readonly string[];
  /** Whether `node:*` is there. */
  readonly node: boolean;
  /** Single files of other layers, where the whole layer is not open. */
  readonly files?: readonly string[];
}

const area = (layers: readonly Layer[], packages: readonly string[] = []): LayerRule => ({
  layers: ['shared', ...layers.map((name) => `core/${name}`)],
  packages,
  node: true,
});

/**
 * `files` is what every area needs of the disk (paths, atomic writes), `yaml` the one reader of YAML texts. `workflow` knows
 * nobody else (but the port of tools, which is types); `engine` knows `workflow`, `steps`, `storage` and tools.
 */
const CORE_AREAS: Readonly<Record<string, LayerRule>> = {
  'core/crypto': area([]),
  'core/time': area([]),
  'core/files': area([]),
  'core/globs': area([]),
  'core/snapshots': area(['crypto', 'files', 'globs']),
  'core/streams': area([]),
  'core/notices': area([]),
  'core/wake': area(['crypto', 'files'], ['zod']),
  'core/agent-port': area([]),
  'core/tool-port': area(['agent-port']),
  'core/redaction': area([]),
  'core/run-texts': area(['crypto']),
  'core/app-log': area([], ['pino']),
  'core/traces': area(['crypto']),
  'core/zip': area([], ['yazl']),
  'core/http': area(['time'], ['undici']),
  'core/breakers': area([]),
  'core/costs': area(['files', 'time', 'yaml']),
  'core/yaml': area([], ['yaml']),
  'core/workflow': area(['crypto', 'time', 'tool-port', 'yaml'], ['markdown-it']),
  'core/conversion': area(['workflow', 'yaml']),
  'core/json-schema': area(['time'], ['ajv', 'ajv-formats']),
  'core/processes': area(['files', 'streams', 'time']),
  'core/storage': area(['crypto', 'files', 'time'], ['better-sqlite3']),
  'core/metrics': area(['storage'], ['prom-client']),
  'core/tools': area(
    [
      'agent-port',
      'files',
      'http',
      'json-schema',
      'processes',
      'redaction',
      'streams',
      'time',
      'tool-port',
      'workflow',
      'yaml',
    ],
    ['@modelcontextprotocol/sdk', 'js-yaml'],
  ),
  'core/agents': area([
    'agent-port',
    'breakers',
    'crypto',
    'files',
    'http',
    'json-schema',
    'processes',
    'redaction',
    'streams',
    'time',
    'tool-port',
    'workflow',
    'yaml',
  ]),
  'core/bundles': area(['files', 'globs', 'time', 'tool-port', 'tools', 'workflow', 'yaml'], ['yauzl', 'yazl', 'zod']),
  'core/trust': area(['bundles', 'crypto', 'files', 'time', 'workflow'], ['zod']),
  'core/projects': area(['agent-port', 'bundles', 'costs', 'files', 'redaction', 'time', 'workflow', 'yaml'], ['zod']),
  'core/steps': area(['time', 'tool-port', 'tools', 'workflow']),
  'core/triggers': area(
    ['crypto', 'files', 'globs', 'projects', 'redaction', 'storage', 'time', 'trust', 'workflow'],
    ['chokidar', 'node-cron', 'zod'],
  ),
  'core/queue': area(['storage', 'time'], ['amqplib', 'bullmq', 'ioredis', 'zod']),
  'core/governance': area(['crypto', 'files', 'redaction', 'storage', 'time'], ['@napi-rs/keyring', 'zod']),
  'core/engine': area(['breakers', 'costs', 'crypto', 'steps', 'storage', 'time', 'tool-port', 'tools', 'workflow']),
  'core/comparison': area([]),
  'core/cassettes': area(['crypto', 'engine', 'redaction'], ['zod']),
  'core/plans': area(['crypto', 'engine', 'tool-port', 'workflow']),
  'core/operations': area(
    [
      'agent-port',
      'agents',
      'app-log',
      'breakers',
      'bundles',
      'cassettes',
      'comparison',
      'conversion',
      'costs',
      'crypto',
      'engine',
      'files',
      'governance',
      'http',
      'metrics',
      'notices',
      'plans',
      'processes',
      'projects',
      'queue',
      'redaction',
      'run-texts',
      'snapshots',
      'steps',
      'storage',
      'time',
      'tool-port',
      'tools',
      'traces',
      'triggers',
      'trust',
      'wake',
      'workflow',
      'yaml',
      'zip',
    ],
    ['zod'],
  ),
};

const ALL_AREAS = Object.keys(CORE_AREAS);

const UI_PACKAGES = [
  '@base-ui/react',
  ...['autocomplete', 'commands', 'language', 'lint', 'merge', 'search', 'state', 'view'].map(
    (part) => `@codemirror/${part}`,
  ),
  '@tanstack/react-table',
  '@tanstack/react-virtual',
  'cmdk',
  'i18next',
  'lucide-react',
  'react',
  'react-dom',
  'react-i18next',
  'react-markdown',
  'react-router',
  'sonner',
  'zustand',
  '@xyflow/react',
  '@dagrejs/dagre',
  'uplot',
];

const page = (layers: readonly Layer[]): LayerRule => ({
  layers: ['shared', ...layers],
  packages: UI_PACKAGES,
  node: false,
});

export const LAYERS: Readonly<Record<Layer, LayerRule>> = {
  // `re2js`: patterns of authors are run by the engine and by forms, with one verdict.
  shared: { layers: [], packages: ['zod', 're2js'], node: false },
  ...CORE_AREAS,
  core: { layers: ['shared', ...ALL_AREAS], packages: [], node: true },
  server: {
    layers: ['shared', 'core', ...ALL_AREAS],
    packages: ['@fastify/static', '@fastify/websocket', 'fastify', 'ws', 'zod'],
    node: true,
  },
  cli: {
    layers: ['shared', 'core', ...ALL_AREAS],
    packages: ['@modelcontextprotocol/sdk', 'commander', 'picocolors', 'yaml'],
    node: true,
    // DESIGN decision 7: the CLI hands its operation to the holder over the holder's socket, and opens one when it holds the
    // project itself. `serve` and `npm start` are the browser host in the foreground. Nothing else of the server is open to it.
    files: [
      'src/server/socket-door/holder-client.ts',
      'src/server/socket-door/socket-door.ts',
      'src/server/serve.ts',
      'src/server/headless-host.ts',
      'src/server/open-window.ts',
      'src/server/hosting/app-folders.ts',
      'src/server/os-user.ts',
      'src/server/left-out.ts',
    ],
  },
  main: {
    layers: ['shared', 'core', ...ALL_AREAS, 'server'],
    packages: ['electron', 'electron-updater', 'zod'],
    node: true,
  },
  preload: { layers: ['shared'], packages: ['electron'], node: false },
  'renderer/theme': page([]),
  'renderer/i18n': page([]),
  'renderer/ui': page(['renderer/theme', 'renderer/i18n']),
  // What every screen needs of the engine: the one client of the window, live queries, acts, and requests to the shell.
  'renderer/client': page(['renderer/i18n', 'renderer/ui']),
  // Composes; nobody imports it back.
  'renderer/app': page(['renderer/theme', 'renderer/i18n', 'renderer/ui', 'renderer/client', 'renderer/features']),
  // A feature never imports another feature: that is checked apart, for they are one layer here.
  'renderer/features': page(['renderer/theme', 'renderer/i18n', 'renderer/ui', 'renderer/client']),
};

/** The layer of a file of `src/`, by its repository path. */
export function layerOf(path: string): Layer {
  const [, top = '', second = '', ...rest] = path.split('/');
  if (top === 'core') return rest.length === 0 ? 'core' : `core/${second}`;
  return top === 'renderer' && rest.length > 0 ? `renderer/${second}` : top;
}

/** The feature of a renderer file, or null. */
export const featureOf = (path: string): string | null => /^src\/renderer\/features\/([^/]+)\//.exec(path)?.[1] ?? null;
