import { randomBytes } from 'node:crypto';
import type { CDPSession, Page } from 'playwright-core';
import { makePageScripts } from './preload-scripts.ts';
import { decodeWire, encodeWire } from './wire-codec.ts';

const WORLD = 'electron-preload';

/** Something that the preload script sent. */
export interface PreloadMessage {
  readonly kind: 'invoke' | 'send';
  readonly id: number;
  readonly channel: string;
  readonly args: readonly unknown[];
}

export interface PreloadLink {
  /** Sends to the preload script of the document that is shown now; nothing when there is none. */
  sendEvent(channel: string, args: readonly unknown[]): void;
}

/** Answers `onMessage`'s value, or its rejection, to the document that asked. */
export async function linkPreload(
  page: Page,
  preloadPath: string | undefined,
  onMessage: (message: PreloadMessage) => Promise<unknown>,
): Promise<PreloadLink> {
  const channel = `stand-in-${randomBytes(8).toString('hex')}`;
  const cdp = await page.context().newCDPSession(page);
  const scripts = await makePageScripts(preloadPath, channel);
  let current: number | null = null;
  await cdp.send('Page.enable');
  const { frameTree } = await cdp.send('Page.getFrameTree');
  cdp.on('Runtime.executionContextsCleared', () => {
    current = null;
  });
  cdp.on('Runtime.executionContextCreated', ({ context }) => {
    const frameId = (context.auxData as { frameId?: string } | undefined)?.frameId;
    if (context.name === WORLD && frameId === frameTree.frame.id) current = context.id;
  });
  cdp.on('Runtime.bindingCalled', ({ name, payload, executionContextId }) => {
    if (name !== channel) return;
    const message = decodeWire(payload) as PreloadMessage;
    void onMessage(message).then(
      (value) =>
        deliver(cdp, { channel, contextId: executionContextId }, { kind: 'answer', id: message.id, ok: true, value }),
      (error: Error) =>
        deliver(
          cdp,
          { channel, contextId: executionContextId },
          { kind: 'answer', id: message.id, ok: false, value: error.message },
        ),
    );
  });
  await cdp.send('Runtime.enable');
  await cdp.send('Runtime.addBinding', { name: channel, executionContextName: WORLD });
  await cdp.send('Page.addScriptToEvaluateOnNewDocument', { source: scripts.pageWorld });
  await cdp.send('Page.addScriptToEvaluateOnNewDocument', { source: scripts.preloadWorld, worldName: WORLD });
  return {
    sendEvent: (name, args) => {
      if (current !== null) deliver(cdp, { channel, contextId: current }, { kind: 'event', channel: name, args });
    },
  };
}

/** A document that has gone in the meantime gets nothing, as in Electron. */
function deliver(
  cdp: CDPSession,
  to: { readonly channel: string; readonly contextId: number },
  message: Readonly<Record<string, unknown>>,
): void {
  const expression = `globalThis[${JSON.stringify(`${to.channel}-receive`)}](${JSON.stringify(encodeWire(message))})`;
  cdp.send('Runtime.evaluate', { expression, contextId: to.contextId }).catch(() => undefined);
}
