import { protocol } from 'electron';
import type { ClientFiles } from '../server/client-files/client-files.ts';
import { SECURITY_HEADERS } from '../server/client-files/security-headers.ts';
import { APP_SCHEME, isAppUrl } from './app-origin.ts';

/** Gives `app://` an origin of its own, so that the page is not a `file:` one. Call it before the app is ready. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: APP_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}

/** Serves the built client under `app://`, with the headers of the browser door. Call it once the app is ready. */
export function serveAppProtocol(files: ClientFiles): void {
  protocol.handle(APP_SCHEME, async (request) => {
    const file =
      isAppUrl(request.url) && request.method === 'GET' ? await files.read(new URL(request.url).pathname) : null;
    if (file === null)
      return new Response('There is nothing at this address.', { status: 404, headers: SECURITY_HEADERS });
    return new Response(file.body, {
      headers: { ...SECURITY_HEADERS, 'content-type': file.contentType, 'cache-control': file.cacheControl },
    });
  });
}
