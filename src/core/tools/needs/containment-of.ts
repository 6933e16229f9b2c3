import { homedir } from 'node:os';
import { dirname, resolve } from 'node:path';
import type { JsonMap } from '../../../shared/json.ts';
import type { ToolNeeds } from '../../../shared/model/needs.ts';
import { isInside } from '../../files/index.ts';
import type { Containment, OwnPlace, Sandbox } from '../../processes/index.ts';
import { limitOf, type ToolLimit } from '../../tool-port/index.ts';

/** Where a tool works. */
export interface WorkPlace {
  readonly workDir: string;
  /** `AIWORKFLOW_RUN_DIR`; null = it belongs to no run. */
  readonly runDir: string | null;
  /** The file that is started and what starts it: they are seen whatever is left out. */
  readonly programs: readonly string[];
  /** The working folder is not its own: it writes there only what it declares. Default: it may write all of it. */
  readonly keepsWorkDir?: boolean;
  /** The working folder holds more than is the tool's: of it is seen what is declared, and `files`. */
  readonly isWide?: boolean;
  /** Files that it is started with and that may lie where nothing is seen. */
  readonly files?: readonly string[];
}

/** Whether anything that a sandbox can hold is declared. */
const isDeclared = ({ read, write, network }: ToolNeeds): boolean =>
  read !== null || write !== null || network !== null;

/** Whether a call is contained at all: the tool or the step says something that a sandbox can hold. */
export const isContained = (needs: ToolNeeds, permissions: JsonMap | undefined): boolean =>
  isDeclared(needs) || (['read', 'write', 'hosts'] as const).some((limit) => limitOf(permissions, limit) !== null);

/** What a call may reach, before there is a way to the hosts that it names. */
export type PlannedContainment = Omit<Containment, 'network'> & {
  /** The hosts; none = no network. */
  readonly network: boolean | readonly string[];
};

/** The network of a tool: what it declares, of hosts those that the step leaves it. */
function networkOf(needs: ToolNeeds, hosts: readonly string[] | null): PlannedContainment['network'] {
  const declared = isDeclared(needs) ? (needs.network ?? false) : true;
  if (hosts === null || declared === false) return declared;
  return declared === true ? hosts : declared.filter((host) => hosts.includes(host));
}

/**
 * What a tool may reach: what it declares, narrowed by the step key `permissions` (SPEC §1.5). Null = neither says anything, so it runs as
 * the user does.
 */
export function containmentOf(
  needs: ToolNeeds,
  permissions: JsonMap | undefined,
  place: WorkPlace,
): PlannedContainment | null {
  const limits = { read: limitOf(permissions, 'read'), write: limitOf(permissions, 'write') };
  const hosts = limitOf(permissions, 'hosts');
  if (!isContained(needs, permissions)) return null;
  const declared = isDeclared(needs);
  const allowed = { read: absolutes(needs.read, place), write: absolutes(needs.write, place) };
  const read = narrowed(declared ? [...allowed.read, ...allowed.write] : null, limits.read, place);
  const write = narrowed(declared ? allowed.write : null, limits.write, place);
  return {
    read,
    write: write ?? (read === null ? null : []),
    network: networkOf(needs, hosts),
    own: ownPlaces(limits, place, { read: read ?? [], write: write ?? [] }),
    programs: place.programs,
  };
}

/**
 * Limits of `permissions` that a sandbox holds as they are written: paths and whole folders, never patterns of names; of hosts none at all,
 * or, in bubblewrap, plain names.
 */
export function sandboxLimits(permissions: JsonMap | undefined, kind: Sandbox['kind']): readonly ToolLimit[] {
  const hosts = limitOf(permissions, 'hosts');
  const holdsHosts =
    hosts?.length === 0 || (kind === 'bubblewrap' && hosts?.every((host) => !host.includes('*')) === true);
  const isHeld = (limit: 'read' | 'write'): boolean => limitOf(permissions, limit)?.every(isPlainPath) ?? true;
  return [...(['read', 'write'] as const).filter(isHeld), ...(holdsHosts ? (['hosts'] as const) : [])];
}

const WHOLE_FOLDER = /\/\*\*$/;
const isPlainPath = (rule: string): boolean => !/[*?[\]{}!]/.test(rule.replace(WHOLE_FOLDER, ''));

function absolutes(rules: readonly string[] | null, place: WorkPlace): readonly string[] {
  return (rules ?? []).map((rule) => absolute(rule, place));
}

function absolute(rule: string, { workDir }: WorkPlace): string {
  const path = rule.replace(WHOLE_FOLDER, '');
  return /^~(?:\/|$)/.test(path) ? resolve(homedir(), `.${path.slice(1)}`) : resolve(workDir, path);
}

/** `allowed`, or of what the step names only that which lies inside; what lies in the working folder is among the own places. */
function narrowed(
  allowed: readonly string[] | null,
  rules: readonly string[] | null,
  place: WorkPlace,
): readonly string[] | null {
  if (rules === null) return allowed;
  return absolutes(rules, place)
    .filter((path) => !isInside(place.workDir, path))
    .filter((path) => allowed === null || allowed.some((folder) => isInside(folder, path)));
}

/** The working folder as far as the step leaves it to the tool, the folder of its own program, and the run's folder. */
function ownPlaces(
  limits: { readonly read: readonly string[] | null; readonly write: readonly string[] | null },
  place: WorkPlace,
  may: { readonly read: readonly string[]; readonly write: readonly string[] },
): readonly OwnPlace[] {
  const { workDir, runDir, programs, keepsWorkDir = false, isWide = false, files = [] } = place;
  const inside = (rules: readonly string[] | null): readonly string[] =>
    absolutes(rules, place).filter((path) => isInside(workDir, path));
  const reading = (path: string): OwnPlace => ({ path, mayWrite: false });
  const writing = (path: string): OwnPlace => ({ path, mayWrite: true });
  const ofPrograms = programs.map(dirname).filter((folder) => isInside(workDir, folder));
  return [
    ...(limits.read === null && !isWide
      ? [limits.write === null && !keepsWorkDir ? writing(workDir) : reading(workDir)]
      : []),
    ...(isWide ? may.read.filter((path) => isInside(workDir, path)).map(reading) : []),
    ...(keepsWorkDir ? may.write.filter((path) => isInside(workDir, path)).map(writing) : []),
    ...files.map(reading),
    ...(limits.read === null ? [] : [...ofPrograms, ...inside(limits.read)].map(reading)),
    ...inside(limits.write).map(writing),
    ...(runDir === null ? [] : [writing(runDir)]),
  ];
}

/** What holds a tool, in a sentence for the log of its step. */
export function containmentText(
  containment: Pick<PlannedContainment, 'read' | 'write' | 'network'>,
  by: string,
): string {
  const { read, write, network } = containment;
  const list = (paths: readonly string[]): string => (paths.length === 0 ? '' : ` and ${paths.join(', ')}`);
  const own = 'its own folders';
  const reads =
    read === null ? 'reads all files that you can read' : `reads only the system's programs, ${own}${list(read)}`;
  const writes = write === null ? 'writes where you can write' : `writes only ${own}${list(write)}`;
  return `Contained by ${by}: ${reads}; ${writes}; ${networkText(network)}.`;
}

function networkText(network: PlannedContainment['network']): string {
  if (typeof network === 'boolean') return network ? 'the network is open' : 'no network';
  if (network.length === 0) return 'no network';
  return `of the network only ${network.join(', ')}, for programs that use a proxy`;
}
