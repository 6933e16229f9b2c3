/** Runs in the page's own world before its first script: puts there what the preload exposes. */
import { BridgeEnd } from './bridge-end.ts';

export function start(channel: string): void {
  if (window !== window.top) return;
  const bridge = new BridgeEnd(`${channel}-to-preload`, `${channel}-to-page`);
  window.addEventListener(`${channel}-expose`, (event) => {
    const { key, api } = JSON.parse((event as CustomEvent<string>).detail) as { key: string; api: unknown };
    Object.defineProperty(window, key, { value: deepFreeze(bridge.import(api)), enumerable: true });
  });
}

function deepFreeze(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  for (const item of Object.values(value)) deepFreeze(item);
  return Object.freeze(value);
}
