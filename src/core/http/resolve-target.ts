import { AppError } from '../../shared/errors.ts';
import { notDeclared } from '../../shared/not-declared.ts';
import { type CheckedUrl, refused } from './check-url.ts';
import { classifyAddress } from './classify-address.ts';
import { parseAddress } from './ip-address.ts';

/** All addresses of a name, as the system's resolver says them. */
export type Lookup = (host: string) => Promise<readonly string[]>;

/** A place that may be asked, with the addresses that were checked for it: connections go to these and no others. */
export interface Target extends CheckedUrl {
  readonly addresses: readonly string[];
}

export interface TargetRules {
  readonly allowedHosts: readonly string[];
  readonly isConfined?: boolean | undefined;
  readonly declaredHosts?: readonly string[] | undefined;
}

/** Names that mean this machine or a cloud's metadata whatever a resolver says. */
export const LOCAL_NAME = /(^|\.)(localhost|localdomain|ip6-localhost|ip6-loopback|metadata\.google\.internal)$/;

/**
 * Resolves a host once and checks every address it has (SPEC §5.4). Errors: `tool.address_refused`, `trust.not_declared`, `tool.connection_lost` when the
 * name has no address.
 */
export async function resolveTarget(checked: CheckedUrl, rules: TargetRules, lookup: Lookup): Promise<Target> {
  const isAllowed = isAllowedHost(checked, rules.allowedHosts);
  if (rules.isConfined === true && !isAllowed) {
    throw refused(
      `The host ${checked.host} is not one of the allowed hosts.`,
      "Add it to 'security.allowed_hosts' of the tool if it may be reached.",
    );
  }
  if (!isAllowed && rules.declaredHosts !== undefined && !isAllowedHost(checked, rules.declaredHosts))
    throw notDeclared({ kind: 'hosts', name: checked.host });
  if (!isAllowed && LOCAL_NAME.test(checked.host)) throw refusedHost(checked, 'loopback');
  const isAddress = parseAddress(checked.host) !== null;
  const addresses = isAddress ? [checked.host] : await lookUp(checked.host, lookup);
  if (!isAllowed) for (const address of addresses) checkAddress(checked, address);
  return { ...checked, addresses };
}

function checkAddress(checked: CheckedUrl, address: string): void {
  const bytes = parseAddress(address);
  const kind = bytes === null ? 'reserved' : classifyAddress(bytes);
  if (kind !== 'public') throw refusedHost(checked, kind);
}

function refusedHost(checked: CheckedUrl, kind: string): AppError {
  return new AppError('tool.address_refused', `The host ${checked.host} leads to a ${kind} address and is not asked.`, {
    hint: `If that is meant, write "${checked.host}" into the tool's 'security.allowed_hosts'.`,
    details: { host: checked.host, kind },
  });
}

async function lookUp(host: string, lookup: Lookup): Promise<readonly string[]> {
  const found = await lookup(host).catch((cause: unknown) => Promise.reject(unknownHost(host, cause)));
  if (found.length === 0) throw unknownHost(host);
  return found;
}

function unknownHost(host: string, cause?: unknown): AppError {
  return new AppError('tool.connection_lost', `The host ${host} was not found.`, {
    hint: 'Check the address and the connection to the network.',
    details: { host },
    cause,
  });
}

/**
 * Whether a person wrote this host down: `host` allows every port of it, `host:port` one. Names are compared whole and without
 * regard to case; there are no wildcards. Addresses of version 6 may stand with or without brackets.
 */
function isAllowedHost(target: Pick<CheckedUrl, 'host' | 'port'>, allowedHosts: readonly string[]): boolean {
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
