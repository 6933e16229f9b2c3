/** The scheme and host under which the window loads the built client. */
export const APP_SCHEME = 'app';
const APP_HOST = 'aiworkflow';

/** The page of the window. */
export const APP_URL = `${APP_SCHEME}://${APP_HOST}/`;

/** True for an address of our own page. A custom scheme has no `URL.origin`, so scheme and host are compared. */
export function isAppUrl(address: string): boolean {
  const url = URL.parse(address);
  return url?.protocol === `${APP_SCHEME}:` && url.host === APP_HOST;
}
