import { at, readJsonOrNull, say } from './places.mjs';
import { node24, runTool, toolEnv } from './run-command.mjs';

const AT_ONCE = 2;

/** Format and lint, and the types of every runtime: what `npm run check` and `npm test` do before any test. */
function listChecks() {
  const projects = (readJsonOrNull(at('tsconfig.json'))?.references ?? []).map((one) => one.path);
  const biome = [
    at('node_modules', '@biomejs', 'biome', 'bin', 'biome'),
    'ci',
    '--colors=off',
    '--log-level=warn',
    '--diagnostic-level=warn',
    '.',
  ];
  return [
    { name: 'format and lint', args: biome },
    ...projects.map((path) => ({
      name: `types of ${path}`,
      args: [at('node_modules', 'typescript', 'bin', 'tsc'), '--pretty', 'false', '-p', path, ...remembering(path)],
    })),
  ];
}

/** The compiler looks only at what changed since the last time, and at what that reaches. */
const remembering = (path) => [
  '--incremental',
  '--tsBuildInfoFile',
  at('node_modules', '.cache', 'types', `${path.replace(/[^a-z.]/g, '')}.tsbuildinfo`),
];

/** Runs all checks, two at a time, and says of each how it went. Resolves with the number that failed. */
export async function runChecks() {
  const waiting = listChecks();
  let failed = 0;
  const work = async () => {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
      const startedAt = Date.now();
      const { code, output } = await runTool(node24(), check.args, { capture: true, env: toolEnv() });
      const took = `${((Date.now() - startedAt) / 1000).toFixed(1)} s`;
      say(code === 0 ? `  ok    ${check.name} (${took})` : `  FAILED ${check.name} (${took})\n${output.trim()}`);
      if (code !== 0) failed += 1;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return failed;
}
