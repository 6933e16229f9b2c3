import type { CheckedUrl } from './check-url.ts';

/**
 * Whether a person wrote this host down: `host` allows every port of it, `host:port` one. Names are compared whole and without
 * regard to case; there are no wildcards. Addresses of version 6 may stand with or without brackets.
 */
export function isAllowedHost(target: Pick<CheckedUrl, 'host' | 'port'>, allowedHosts: readonly string[]): boolean {
  return allowedHosts.some((written) => {
    const entry = readEntry(written);
    return entry !== null && entry.host === target.host && (entry.port === null || entry.port === target.port);
  });
}

function readEntry(written: string): { readonly host: string; readonly port: string | null } | null {
  const text = written.trim();
  const isBareVersion6 = !text.startsWith('[') && text.indexOf(':') !== text.lastIndexOf(':');
  const [, name = '', port] = /^(\[[^\]]*\]|[^:[\]]*)(?::(\d{1,5}))?$/.exec(isBareVersion6 ? `[${text}]` : text) ?? [];
  const url = name === '' || /[/?#@\\\s]/.test(name) ? null : URL.parse(`http://${name}`);
  if (url === null) return null;
  return { host: url.hostname.replace(/^\[(.*)\]$/, '$1'), port: port === undefined ? null : String(Number(port)) };
}
