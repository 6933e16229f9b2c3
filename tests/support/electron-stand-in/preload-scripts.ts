import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build, type Rolldown } from 'vite';

/** The two scripts that go into every document of a window. */
export interface PageScripts {
  readonly pageWorld: string;
  readonly preloadWorld: string;
}

const pageFile = (name: string): string => fileURLToPath(new URL(`./page/${name}`, import.meta.url));

/** Bundles the stand-in's own page parts and the preload script at `preloadPath` (source, or built to CommonJS). */
export async function makePageScripts(preloadPath: string | undefined, channel: string): Promise<PageScripts> {
  const [pageWorld, electron, preload] = await Promise.all([
    bundle(pageFile('page-world.ts'), 'iife'),
    bundle(pageFile('preload-world.ts'), 'iife'),
    preloadPath === undefined ? '' : readPreload(preloadPath),
  ]);
  const name = JSON.stringify(channel);
  // As Electron does: a preload runs in the main frame only, and may require nothing but `electron`.
  return {
    pageWorld: `(() => { ${pageWorld}; StandIn.start(${name}); })();`,
    preloadWorld: `(() => { if (window !== window.top) return; ${electron};
const require = ((electron) => (name) => {
  if (name === 'electron') return electron;
  throw new Error('module not found: ' + name);
})(StandIn.createElectron(${name}));
const module = { exports: {} }; const exports = module.exports;
${preload} })();`,
  };
}

function readPreload(path: string): Promise<string> {
  return path.endsWith('.ts') ? bundle(path, 'cjs') : readFile(path, 'utf8');
}

async function bundle(entry: string, format: 'iife' | 'cjs'): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: 'silent',
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      write: false,
      minify: false,
      lib: { entry, formats: [format], name: 'StandIn', fileName: 'script' },
      rolldownOptions: { external: ['electron'] },
    },
  });
  const outputs = (Array.isArray(result) ? result : [result]) as readonly Rolldown.RolldownOutput[];
  const code = outputs[0]?.output[0].code;
  if (code === undefined) throw new Error(`${entry} could not be bundled`);
  return code;
}
