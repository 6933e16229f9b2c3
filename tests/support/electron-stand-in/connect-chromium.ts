import { type Browser, type ConnectOverCDPTransport, chromium } from 'playwright-core';
import WebSocket from 'ws';

/** The largest message that is taken, as Playwright has it. */
const MESSAGE_BYTES = 256 * 1024 * 1024;

/**
 * Drives the Chromium that listens at `endpoint`, as `connectOverCDP(endpoint)` does. That one has every message compressed on its way
 * between two processes of this machine: two fifths of what a test of the desktop took of the processor.
 */
export function connectChromium(endpoint: string): Promise<Browser> {
  const socket = new WebSocket(endpoint, { perMessageDeflate: false, maxPayload: MESSAGE_BYTES });
  const transport: ConnectOverCDPTransport = {
    send: (message: object) => socket.send(JSON.stringify(message)),
    close: () => socket.close(),
  };
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.once('open', () => {
      socket.on('message', (data) => transport.onmessage?.(JSON.parse(data.toString())));
      socket.once('close', () => transport.onclose?.());
      resolve(chromium.connectOverCDP(transport));
    });
  });
}
