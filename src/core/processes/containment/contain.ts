import { homedir } from 'node:os';
import { delimiter } from 'node:path';
import type { ProcessLimits } from '../../../shared/model/needs.ts';
import { bubblewrapArgs } from './bubblewrap-args.ts';
import type { BoxPlan, Containment, Sandbox } from './containment.ts';
import { FORWARDER, withForwarder } from './forwarder.ts';
import { seatbeltProfile } from './seatbelt-profile.ts';

/** A command with what it may reach and use. */
export interface ContainableCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Absent: it runs as the user does. */
  readonly containment?: Containment | undefined;
  readonly limits?: ProcessLimits | undefined;
}

/** bubblewrap waits outside, and its first process inside collects what ends: neither is one of the child's. */
const BUBBLEWRAP_PROCESSES = 2;

/**
 * The one place where what a child may reach becomes the way it is started: the same command inside the sandbox. Where the system has none,
 * or nothing is declared, it is the command as it was. `hidden` = folders that nothing inside may see.
 */
export function contain<C extends ContainableCommand>(
  asked: C,
  sandbox: Sandbox,
  hidden: readonly string[],
): Omit<C, 'containment'> {
  const { containment, ...plain } = asked;
  if (containment === undefined || sandbox.kind === 'none') return plain;
  const { network } = containment;
  const hasWay = typeof network === 'string' && sandbox.kind === 'bubblewrap';
  const programs = hasWay ? [...containment.programs, process.execPath] : containment.programs;
  const plan: BoxPlan = { containment: { ...containment, programs }, hidden, cwd: asked.cwd, ...placesOf(asked.env) };
  const { words: inside, env } = hasWay
    ? withForwarder(asked, network)
    : { words: [asked.command, ...asked.args], env: asked.env };
  if (sandbox.kind === 'seatbelt')
    return { ...plain, command: sandbox.program, args: ['-p', seatbeltProfile(plan), ...inside] };
  const more = (limit: number | null, by: number): number | null => (limit === null ? null : limit + by);
  const limits = plain.limits && {
    ...plain.limits,
    processes: more(plain.limits.processes, BUBBLEWRAP_PROCESSES + (hasWay ? FORWARDER.processes : 0)),
    memoryBytes: more(plain.limits.memoryBytes, hasWay ? FORWARDER.memoryBytes : 0),
  };
  return { ...plain, env, limits, command: sandbox.program, args: [...bubblewrapArgs(plan), ...inside] };
}

function placesOf(env: ContainableCommand['env']): Pick<BoxPlan, 'home' | 'tmpDir' | 'path'> {
  return {
    home: env.HOME ?? homedir(),
    tmpDir: env.TMPDIR ?? '/tmp',
    path: (env.PATH ?? '').split(delimiter).filter((folder) => folder.startsWith('/')),
  };
}
