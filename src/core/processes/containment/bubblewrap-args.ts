import { isInside } from '../../files/index.ts';
import type { BoxPlan, OwnPlace } from './containment.ts';
import { programPlaces, uncovered } from './visible-places.ts';

/** Where a Linux system keeps its programs and what they read. */
const SYSTEM = ['/usr', '/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32', '/etc', '/nix/store'];
/** Where /etc/resolv.conf points to on many systems. */
const RESOLVER = '/run/systemd/resolve';

/**
 * Users, processes, messages and, unless it is open, the network are the child's own; it holds no capability. Processes of its own mean
 * that it sees and signals nobody else's, and that none of them outlives the first; from outside they are found as any others.
 */
const ALWAYS = ['--unshare-user', '--unshare-pid', '--unshare-ipc', '--cap-drop', 'ALL'];

/** The arguments of bubblewrap for a plan, up to and with the `--` before the command. Later ones go before earlier ones. */
export function bubblewrapArgs(plan: BoxPlan): readonly string[] {
  const { containment, cwd, hidden } = plan;
  return [
    ...ALWAYS,
    ...(containment.network === true ? [] : ['--unshare-net']),
    ...ground(plan),
    ...['--proc', '/proc', '--dev', '/dev'],
    ...privateFolders(plan),
    ...(containment.read === null ? [] : programPlaces(plan).flatMap(readable)),
    ...(containment.read ?? []).flatMap(readable),
    ...(containment.write ?? []).flatMap(writable),
    ...hidden.flatMap(empty),
    ...ownPlaces(plan),
    ...(typeof containment.network === 'string' ? writable(containment.network) : []),
    ...uncovered(plan).flatMap(({ folder, inside }) => [...empty(folder), ...inside.flatMap(asOwn)]),
    // Folders on the way to what is seen are made in an empty root: nothing may be written there and be lost unsaid.
    ...(containment.read === null ? [] : ['--remount-ro', '/']),
    ...['--chdir', cwd, '--'],
  ];
}

/** What it takes to see whether bubblewrap works on a system. */
export const trialArgs = (program: string): readonly string[] => [
  ...ALWAYS,
  ...['--unshare-net', '--ro-bind', '/', '/', '--proc', '/proc', '--dev', '/dev', '--tmpfs', '/tmp', '--', program],
];

/** A working folder of which only parts are seen is an empty one around them and around programs, and nothing can be written beside them. */
function ownPlaces(plan: BoxPlan): readonly string[] {
  const { containment, cwd, tmpDir } = plan;
  const { own, read } = containment;
  const places = own.flatMap(asOwn);
  if (read === null || cwd === tmpDir || own.some(({ path }) => path === cwd)) return places;
  const programs = programPlaces(plan).filter((place) => place !== cwd && isInside(cwd, place));
  return [...empty(cwd), ...programs.flatMap(readable), ...places, '--remount-ro', cwd];
}

const asOwn = ({ path, mayWrite }: OwnPlace): readonly string[] => (mayWrite ? writable(path) : readable(path));
const readable = (path: string): readonly string[] => ['--ro-bind-try', path, path];
const writable = (path: string): readonly string[] => ['--bind-try', path, path];
const empty = (path: string): readonly string[] => ['--tmpfs', path];

function ground({ containment }: BoxPlan): readonly string[] {
  if (containment.read === null) return [containment.write === null ? '--bind' : '--ro-bind', '/', '/'];
  return [...SYSTEM, ...(containment.network === true ? [RESOLVER] : [])].flatMap(readable);
}

/** Where a program that sees not all, or may not write all, writes what is nobody else's: it ends with it. */
function privateFolders({ containment, home, tmpDir }: BoxPlan): readonly string[] {
  if (containment.read === null && containment.write === null) return [];
  const places = containment.read === null || home === null ? [tmpDir] : [...new Set(['/tmp', tmpDir, home])];
  return places.filter((place) => place !== '/').flatMap(empty);
}
