import { build, isBuilt } from './build.mjs';
import { withFolderLock } from './folder-lock.mjs';
import { install, isInstalled } from './install.mjs';
import { at, say } from './places.mjs';

const LOCK = at('dist', '.set-up.lock');
const OLDEST_NODE = 18;

/** Packages and build as the sources want them; at once when they are. Ends the process when that fails. */
export async function setUp({ withBuild = true } = {}) {
  if (Number(process.versions.node.split('.')[0]) < OLDEST_NODE) {
    say(
      `Node ${process.versions.node} is too old: install Node ${OLDEST_NODE} or newer (Node 24 comes along with the packages).`,
    );
    process.exit(1);
  }
  if (isInstalled() && (!withBuild || isBuilt())) return;
  const code = await withFolderLock(LOCK, 'Another start is setting things up; waiting for it …', async (lock) => {
    const installed = await install(lock);
    return installed !== 0 || !withBuild ? installed : build(lock);
  });
  if (code !== 0) process.exit(code);
}
