import { type Session, shell, type WebContents } from 'electron';
import { APP_URL, isAppUrl } from './app-origin.ts';

/** The only permission the page is given: to put text on the clipboard, for its Copy buttons. */
const GRANTED_PERMISSION = 'clipboard-sanitized-write';

/** Keeps a window on our own page: no other address, no second window, no webview. */
export function guardContents(contents: WebContents): void {
  contents.on('will-navigate', (event) => {
    if (!isAppUrl(event.url)) event.preventDefault();
  });
  contents.on('will-redirect', (event) => {
    if (!isAppUrl(event.url)) event.preventDefault();
  });
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    if (isWebLink(url)) void shell.openExternal(url);
    return { action: 'deny' };
  });
}

/** Refuses every permission that a page could ask for, but the one that is granted. */
export function guardSession(session: Session): void {
  session.setPermissionRequestHandler((contents, permission, answer) => {
    answer(permission === GRANTED_PERMISSION && isAppUrl(contents.getURL()));
  });
  session.setPermissionCheckHandler((_contents, permission, origin) => {
    return permission === GRANTED_PERMISSION && isAppUrl(origin === '' ? APP_URL : origin);
  });
  session.setDevicePermissionHandler(() => false);
}

/** True for what may be handed to the operator's browser: https, and no user name that could pass for a host. */
export function isWebLink(address: string): boolean {
  const url = URL.parse(address);
  return url?.protocol === 'https:' && url.username === '' && url.password === '';
}
