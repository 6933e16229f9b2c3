import { type IpcMainInvokeEvent, ipcMain, type WebContents } from 'electron';
import { answerCall, type CenterPort, checkCallEnvelope, requireFollow } from '../server/call-envelope.ts';
import { startLiveFeed } from '../server/live-feed.ts';
import { osUserName } from '../server/os-user.ts';
import type { WireAnswer } from '../shared/contract/index.ts';
import { AppError, toErrorRecord } from '../shared/errors.ts';
import type { Actor } from '../shared/model/run.ts';
import { isAppUrl } from './app-origin.ts';
import { answerHostAction, type HostWindow } from './host-actions.ts';
import { IPC_CHANNELS } from './ipc-channels.ts';
import type { PageCommands } from './page-commands.ts';
import type { SettingsKeeper } from './settings-keeper.ts';

export interface IpcDoorOptions {
  readonly center: CenterPort;
  readonly window: HostWindow & { readonly webContents: WebContents };
  readonly settings: SettingsKeeper;
  readonly commands: PageCommands;
}

/**
 * Opens the contract to the window's page and to nobody else: every message is taken only from the main frame of this
 * window while it shows our own page, and only in the form of the contract's envelope. Returns the way to close.
 */
export function openIpcDoor({ center, window, settings, commands }: IpcDoorOptions): () => void {
  const contents = window.webContents;
  const actor: Actor = { kind: 'user', id: osUserName(), door: 'desktop' };
  const feed = createWindowFeed(contents, center);
  const handle = (channel: string, answer: (args: readonly unknown[]) => Promise<WireAnswer>): void => {
    ipcMain.handle(channel, async (event, ...args: unknown[]): Promise<WireAnswer> => {
      try {
        checkSender(event, contents);
        return await answer(args);
      } catch (thrown) {
        return { ok: false, error: toErrorRecord(thrown) };
      }
    });
  };
  handle(IPC_CHANNELS.call, async (args) => {
    if (args.length > 2) throw new AppError('contract.invalid_input', 'A call has a name and an input.');
    return answerCall(center, checkCallEnvelope({ name: args[0], input: args[1] }), actor);
  });
  handle(IPC_CHANNELS.subscribe, async () => {
    await requireFollow(center, actor);
    feed.start();
    return { ok: true, value: null };
  });
  handle(IPC_CHANNELS.host, async (args) => {
    if (args.length > 2) throw new AppError('contract.invalid_input', 'An action has a name and an input.');
    const { name, input } = checkCallEnvelope({ name: args[0], input: args[1] });
    return { ok: true, value: await answerHostAction({ center, window, actor, settings, commands }, name, input) };
  });
  // A page that loads anew says again that it listens.
  contents.on('did-start-navigation', ({ isSameDocument, isMainFrame }) => {
    if (isMainFrame && !isSameDocument) commands.lost();
  });
  return () => {
    feed.stop();
    commands.lost();
    for (const channel of [IPC_CHANNELS.call, IPC_CHANNELS.subscribe, IPC_CHANNELS.host])
      ipcMain.removeHandler(channel);
  };
}

function checkSender(event: IpcMainInvokeEvent, contents: WebContents): void {
  const frame = event.senderFrame;
  const isOwn = event.sender === contents && frame !== null && frame === contents.mainFrame && isAppUrl(frame.url);
  if (!isOwn) throw new AppError('access.bad_origin', 'Calls are only taken from the own page.');
}

/** Live batches to the page, from its `subscribe` on; held back while the page hangs. */
function createWindowFeed(contents: WebContents, center: CenterPort): { start(): void; stop(): void } {
  let stopFeed: (() => void) | null = null;
  let isHanging = false;
  const stop = (): void => {
    stopFeed?.();
    stopFeed = null;
  };
  contents.on('unresponsive', () => {
    isHanging = true;
  });
  contents.on('responsive', () => {
    isHanging = false;
  });
  contents.on('render-process-gone', stop);
  contents.on('destroyed', stop);
  return {
    start: () => {
      // A page subscribes once: whoever does so again is the next page in this window.
      stop();
      stopFeed = startLiveFeed({
        subscribe: (listener) => center.subscribe(listener),
        send: (batch) => contents.send(IPC_CHANNELS.events, batch),
        canSend: () => !isHanging,
      });
    },
    stop,
  };
}
