import type { ControlCenterClient, OperationName } from '../../shared/contract/index.ts';
import type { AppError } from '../../shared/errors.ts';
import { createBrowserClient } from './browser-client.ts';
import { createDesktopClient, type DesktopBridge, type HostActions } from './desktop-client.ts';

export type { HostActions, HostCommand } from './desktop-client.ts';

declare global {
  interface Window {
    /** Put there by the preload script of the desktop app. */
    readonly aiworkflow?: DesktopBridge;
  }
}

let client: ControlCenterClient | null = null;

/** The one client of this window: the preload bridge in the desktop app, HTTP and a socket in a browser. */
export function getClient(): ControlCenterClient {
  client ??= window.aiworkflow === undefined ? createBrowserClient() : createDesktopClient(window.aiworkflow);
  return client;
}

let refusalOf: (operation: OperationName) => AppError | null = () => null;

/** What is not even asked for, and why: a window that is looked at as another role does nothing. */
export const setRefusal = (refusal: typeof refusalOf): void => {
  refusalOf = refusal;
};

/** Asks for one operation of the contract; what was refused is thrown as an `AppError`. */
export const call: ControlCenterClient['call'] = (name, input) => {
  const refusal = refusalOf(name);
  return refusal === null ? getClient().call(name, input) : Promise.reject(refusal);
};

/** What the desktop app can do beyond the contract; null in a browser, then screens hide those buttons. */
export const getHost = (): HostActions | null => window.aiworkflow?.host ?? null;

/** For tests and the picture harness only: another client in place of the real one. */
export const setClient = (other: ControlCenterClient): void => {
  client = other;
};
