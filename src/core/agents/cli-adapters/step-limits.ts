import { AppError } from '../../../shared/errors.ts';
import type { Json, JsonMap } from '../../../shared/json.ts';

/** The step key `permissions` as a command-line agent holds it. Without it: the working folder may be read, nothing else. */
export interface StepLimits {
  /** null = the whole working folder. */
  readonly read: readonly string[] | null;
  readonly write: readonly string[];
  /** Command lines by their beginning: `git` allows `git status`. */
  readonly commands: readonly string[];
  readonly hosts: readonly string[];
  /** Names of the bundle's variables that are passed on; null = all. */
  readonly env: readonly string[] | null;
}

const READ_ONLY: StepLimits = { read: null, write: [], commands: [], hosts: [], env: null };
/** What would end a rule early in a list of rules, or reach outside of the working folder. */
const BAD_GLOB = /[(),\0\r\n]|^[/\\~]|^[A-Za-z]:|(^|[/\\])\.\.([/\\]|$)/;
const BAD_COMMAND = /[(),\0\r\n]|^-|^\s*$/;
const HOST = /^[A-Za-z0-9*.:_[\]-]+$/;

/** `agent.permission_unenforceable` for a rule that cannot be handed to an agent as it is meant. */
export function stepLimits(permissions: JsonMap | null): StepLimits {
  if (permissions === null) return READ_ONLY;
  return {
    read: textsOf(permissions, 'read', BAD_GLOB),
    write: textsOf(permissions, 'write', BAD_GLOB) ?? [],
    commands: textsOf(permissions, 'commands', BAD_COMMAND) ?? [],
    hosts: (textsOf(permissions, 'hosts') ?? []).map(checkHost),
    env: textsOf(permissions, 'env'),
  };
}

function textsOf(permissions: JsonMap, key: string, bad?: RegExp): readonly string[] | null {
  const written: Json | undefined = permissions[key];
  if (written === undefined || written === null) return null;
  const items = Array.isArray(written) ? (written as readonly Json[]) : [written];
  return items.map((item) => {
    if (typeof item !== 'string' || item.trim() === '' || bad?.test(item.trim()) === true) throw refused(key, item);
    return item.trim();
  });
}

function checkHost(host: string): string {
  if (!HOST.test(host)) throw refused('hosts', host);
  return host;
}

function refused(key: string, item: Json): AppError {
  return new AppError(
    'agent.permission_unenforceable',
    `The rule ${JSON.stringify(item)?.slice(0, 80)} of 'permissions.${key}' cannot be enforced by a command-line agent.`,
    {
      hint: 'Write paths relative to the working folder and plain beginnings of commands, without brackets, commas or "..".',
      details: { limit: key },
    },
  );
}
