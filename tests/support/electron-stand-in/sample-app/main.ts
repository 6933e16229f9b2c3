/** The smallest app with everything that the stand-in stands for; only its own test runs it. */
import { fileURLToPath } from 'node:url';
import {
  app,
  autoUpdater,
  BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  Notification,
  nativeImage,
  powerMonitor,
  powerSaveBlocker,
  protocol,
  safeStorage,
  screen,
  shell,
  Tray,
} from 'electron';

const page = `<!doctype html><title>sample</title><h1>Sample</h1>
<a id="away" href="https://example.invalid/away">away</a> <a id="new" href="https://example.invalid/new" target="_blank">new</a>
<script src="/page.js"></script>`;
const script = `window.heard = []; window.sample.onTick((tick) => window.heard.push(tick));`;

protocol.registerSchemesAsPrivileged([{ scheme: 'sample', privileges: { standard: true, secure: true } }]);
ipcMain.handle('echo', (event, ...args: unknown[]) => ({ args, frame: event.senderFrame?.url ?? null }));
ipcMain.handle('fail', () => {
  throw new Error('it failed');
});
ipcMain.handle('tick', (event) => event.sender.send('ticked', { at: new Date(7), list: [1, undefined] }));
ipcMain.handle('pick', async (event) => {
  const window = BrowserWindow.getAllWindows().find((one) => one.webContents === event.sender);
  if (window === undefined) throw new Error('no window');
  return (await dialog.showOpenDialog(window, { properties: ['openDirectory'] })).filePaths;
});

let isReadyToQuit = false;
app.on('before-quit', (event) => {
  if (isReadyToQuit) return;
  event.preventDefault();
  isReadyToQuit = true;
  setImmediate(() => app.quit());
});
app.on('window-all-closed', () => app.quit());
await app.whenReady();
protocol.handle('sample', (request) => {
  const { pathname } = new URL(request.url);
  const [body, type] = pathname === '/page.js' ? [script, 'text/javascript'] : [page, 'text/html'];
  return new Response(body, { headers: { 'content-type': type, 'content-security-policy': "script-src 'self'" } });
});
const window = new BrowserWindow({
  webPreferences: { preload: fileURLToPath(new URL('./preload.ts', import.meta.url)), sandbox: true },
});
window.webContents.on('will-navigate', (event) => event.preventDefault());
window.webContents.setWindowOpenHandler(({ url }) => {
  void shell.openExternal(url);
  return { action: 'deny' };
});
await window.loadURL('sample://app/');

// What is beside a window: each event of the system is answered by something that the test sees.
Menu.setApplicationMenu(
  Menu.buildFromTemplate([
    { role: 'editMenu' },
    { label: 'Go', submenu: [{ label: 'Home', accelerator: 'CmdOrCtrl+1', click: () => window.setTitle('home') }] },
  ]),
);
const tray = new Tray(nativeImage.createFromPath('/icon.png'));
tray.setToolTip('Sample');
tray.setContextMenu(Menu.buildFromTemplate([{ label: 'Pause', click: () => tray.setTitle('paused') }]));
tray.on('click', () => window.show());
const notice = new Notification({ id: 'one', title: 'Done?', actions: [{ type: 'button', text: 'Yes' }] });
notice.on('click', () => window.focus());
notice.on('action', ({ actionIndex }) => window.setTitle(`pressed ${actionIndex}`));
Notification.handleActivation(({ arguments: told }) => window.setTitle(`activated ${told}`));
notice.show();
let blocker = 0;
powerMonitor.on('suspend', () => {
  blocker = powerSaveBlocker.start('prevent-app-suspension');
});
powerMonitor.on('resume', () =>
  window.setTitle(`${powerSaveBlocker.isStarted(blocker)} ${powerSaveBlocker.stop(blocker)}`),
);
const sealed = await safeStorage.encryptStringAsync('a secret');
window.setTitle(`${sealed.includes('secret')} ${(await safeStorage.decryptStringAsync(sealed)).result}`);
window.setTitle(`${screen.getAllDisplays().map(({ workArea }) => workArea.width)}`);
autoUpdater.setFeedURL({ url: 'https://example.invalid/' });
app.on('open-url', (_event, url) => window.setTitle(url));
app.on('second-instance', (_event, argv) => window.setTitle(argv.join(' ')));
window.webContents.on('render-process-gone', (_event, { reason }) => window.setTitle(reason));
window.on('resize', () => window.setTitle(String(window.getBounds().width)));
