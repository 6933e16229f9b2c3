import { isIP } from 'node:net';
import { AppError } from '../../shared/errors.ts';

/** A URL that may be asked: http or https, one plain host, nobody's name or password in it. */
export interface CheckedUrl {
  readonly url: URL;
  /** Host name in lower case, or an address without brackets. */
  readonly host: string;
  readonly port: string;
}

/**
 * Reads a URL and refuses every spelling that a reader could take for another place than the one that is asked (SPEC §5.4).
 * `base` for the `Location` of a redirect. Error: `tool.address_refused`.
 */
export function checkUrl(written: string, base?: URL): CheckedUrl {
  const url = parse(written, base);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw refused(
      `The address ${placeOf(url)} is neither http nor https.`,
      'Write an address that begins with https://.',
    );
  }
  if (url.username !== '' || url.password !== '') {
    throw refused('The address holds a user name or a password.', "Configure the login as 'authentication' instead.");
  }
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  if (host.endsWith('.')) {
    throw refused(`The host name "${host}" ends with a dot.`, 'Write the host name without the dot.');
  }
  if (isIP(host) !== 0 && !isWrittenPlainly(written, host)) {
    throw refused(`The address ${host} is written in an unusual way.`, `Write ${host}.`);
  }
  return { url, host, port: url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port };
}

/** Blanks, control characters, backslashes and a wrong number of slashes: URL readers mend them, each in its own way. */
const AMBIGUOUS = /[\\\s]|\p{Cc}|^https?:(?!\/\/[^/])/iu;

function parse(written: string, base: URL | undefined): URL {
  const url = AMBIGUOUS.test(written) ? null : URL.parse(written, base?.href);
  if (url !== null) return url;
  throw refused('The address is not a valid URL.', 'Write an address like https://api.example.com/v1.');
}

/** Whether the host stands in the text as it is understood: not decimal, octal, hex, shortened or in full-width letters. */
function isWrittenPlainly(written: string, host: string): boolean {
  const authority = /^(?:[a-z][a-z0-9+.-]*:)?\/\/([^/?#]*)/i.exec(written)?.[1];
  if (authority === undefined) return true;
  const name = authority.replace(/:\d*$/, '');
  return isIP(host) === 4 ? name === host : /^\[[0-9a-f:.]+\]$/i.test(name);
}

/** Scheme and host for messages: paths and queries may hold keys. */
export const placeOf = (url: URL): string => (url.host === '' ? url.protocol : `${url.protocol}//${url.host}`);

/** The error of an address that is not reached. */
export function refused(message: string, hint: string): AppError {
  return new AppError('tool.address_refused', message, { hint });
}
