/** What `npm run test:electron` looks at in the real Electron: `node smoke.mjs <Electron's program>`, with a build. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron } from 'playwright';
import { ROOT, say } from '../../scripts/parts/places.mjs';

const PATIENCE_MS = 60_000;
const [, , executablePath] = process.argv;
const home = mkdtempSync(join(tmpdir(), 'electron-smoke-'));
const project = join(home, 'project');
mkdirSync(project);
const failures = [];
const hold = (what, isTrue) => {
  say(`  ${isTrue ? 'ok    ' : 'FAILED'} ${what}`);
  if (!isTrue) failures.push(what);
};
const app = await _electron.launch({
  executablePath,
  args: [
    ...(process.platform === 'linux' && process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    ROOT,
    `--project=${project}`,
  ],
  env: { ...process.env, HOME: home, USERPROFILE: home, AIWORKFLOW_USER_DIR: join(home, 'user') },
  timeout: PATIENCE_MS,
});
try {
  const window = await app.firstWindow({ timeout: PATIENCE_MS });
  await window.getByRole('heading', { level: 1 }).waitFor({ timeout: PATIENCE_MS });
  hold('the window shows the page under app://', window.url().startsWith('app://aiworkflow/'));
  const info = await window.evaluate(() => globalThis.aiworkflow.call('app.info', {}));
  hold('the page is answered by the engine', info.ok === true);
  const leaked = await window.evaluate(() => ['require', 'process', 'Buffer'].filter((name) => name in globalThis));
  hold('nothing of Node is in the page', leaked.length === 0);
  const menu = await app.evaluate(({ Menu }) => Menu.getApplicationMenu()?.items.length ?? 0);
  hold('the app has its menu', menu >= 5);
  const preferences = await app.evaluate(({ BrowserWindow }) => {
    const { sandbox, contextIsolation, nodeIntegration } =
      BrowserWindow.getAllWindows()[0].webContents.getLastWebPreferences();
    return { sandbox, contextIsolation, nodeIntegration };
  });
  hold(
    'the window is sandboxed and isolated',
    preferences.sandbox && preferences.contextIsolation && !preferences.nodeIntegration,
  );
} catch (error) {
  hold(`it started: ${error.message}`, false);
} finally {
  await app.close();
  rmSync(home, { recursive: true, force: true, maxRetries: 5 });
}
process.exitCode = failures.length === 0 ? 0 : 1;
