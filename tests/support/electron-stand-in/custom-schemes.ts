import type { Protocol } from 'electron';
import type { Route } from 'playwright-core';
import { record } from './test-link.ts';

type SchemeHandler = Parameters<Protocol['handle']>[1];

const handlers = new Map<string, SchemeHandler>();

/** Stock Chromium has no schemes of an app's own: `app://name/path` is `https://name.app.invalid/path` there. */
export function toPageUrl(appUrl: string): string {
  const url = new URL(appUrl);
  if (url.protocol === 'http:' || url.protocol === 'https:') return appUrl;
  return `https://${url.host}.${url.protocol.slice(0, -1)}.invalid${url.pathname}${url.search}${url.hash}`;
}

/** The address as the app knows it. */
export function toAppUrl(pageUrl: string): string {
  const match = /^https:\/\/([^/]+)\.([a-z][a-z0-9+-]*)\.invalid(\/.*)?$/.exec(pageUrl);
  return match === null ? pageUrl : `${match[2]}://${match[1]}${match[3] ?? '/'}`;
}

/** Answers a request of a page by the app's own handler; false when the scheme is not the app's. */
export async function answerByScheme(route: Route): Promise<boolean> {
  const request = route.request();
  const url = toAppUrl(request.url());
  const handler = handlers.get(new URL(url).protocol.slice(0, -1));
  if (handler === undefined) return false;
  const response = await handler(new Request(url, { method: request.method() }));
  await route.fulfill({
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: Buffer.from(await response.arrayBuffer()),
  });
  return true;
}

export const protocol: Pick<Protocol, 'handle' | 'registerSchemesAsPrivileged'> = {
  handle: (scheme, handler) => {
    handlers.set(scheme, handler);
  },
  registerSchemesAsPrivileged: (schemes) => record('protocol.registerSchemesAsPrivileged', schemes),
};
