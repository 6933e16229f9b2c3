import { realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import type { Colors } from 'picocolors/types';
import type { FoundProject } from '../core/projects/index.ts';
import type { CommandLine } from '../core/wake/index.ts';
import type { ControlCenterClient, WireAnswer } from '../shared/contract/index.ts';
import { AppError } from '../shared/errors.ts';
import type { Caller } from '../shared/model/access.ts';
import type { Diagnostic } from '../shared/model/diagnostic.ts';
import type { Interrupts } from './interrupts.ts';
import type { Terminal } from './terminal.ts';

/** Options that stand before or after the command (SPEC §13). */
export interface GlobalOptions {
  readonly json: boolean;
  readonly verbose: boolean;
  readonly quiet: boolean;
  readonly project?: string;
  readonly user?: string;
  readonly color: boolean;
}

/** The control center as a command sees it: in this process, or in the one that holds the project. */
export interface OpenClient extends ControlCenterClient {
  /** Null: this process holds the project. */
  readonly holder: { readonly pid: number; readonly door: 'cli' | 'browser' | 'desktop' } | null;
  /** Waits for the work that other terminals handed over, telling `onWait` if there is any, then lets go of the project. */
  close(onWait?: () => void): Promise<void>;
  /** Lets go within the grace of DESIGN decision 8: running steps get 10 s. */
  abandon(): Promise<void>;
}

/** Reading operations that take no lease. */
export interface Reader {
  call(name: string, input: unknown, caller: Caller): Promise<WireAnswer>;
  settingsProblems(): Promise<readonly Diagnostic[]>;
}

/** What belongs to this installation and this user. */
export interface AppPlace {
  readonly version: string;
  readonly examplesDir: string;
  readonly resourcesDir: string;
  readonly clientDir: string;
  readonly userDataDir: string;
  readonly home: string;
  readonly commandLine: CommandLine | null;
}

/** How commands reach the world; made in `ports.ts`, where a command line begins. */
export interface CliPorts {
  readonly terminal: Terminal;
  readonly interrupts: Interrupts;
  /** The folder the caller stands in. */
  readonly cwd: string;
  readonly osUser: string;
  readonly colors: { readonly out: Colors; readonly err: Colors };
  place(): Promise<AppPlace>;
  findProject(explicit: string | undefined): Promise<FoundProject>;
  /** `AIWORKFLOW_TOKEN`: acts as the user that it belongs to. */
  readonly token: string | undefined;
  /** Reads a secret from the terminal without showing it, else the first line of stdin. */
  readSecret(prompt: string): Promise<string>;
  openClient(project: FoundProject, login: Login): Promise<OpenClient>;
  openReader(projectPath: string): Promise<Reader>;
}

/** What every command gets beside its own arguments. */
export interface CliContext extends CliPorts {
  readonly globals: GlobalOptions;
  readonly login: Login;
  /** The process ends after this work, but what the command says is said before. */
  afterwards(work: Promise<void>): void;
}

/** As whom a command acts: the user of the system, or whoever `--user` and `AIWORKFLOW_TOKEN` say, which the holder verifies. */
export interface Login {
  readonly osUser: string;
  /** Another one than the user of the system. */
  readonly user?: string;
  readonly token?: string;
  /** Asked where there is a `user` and no token. */
  readonly password: () => Promise<string>;
}

/** What of a login goes to a process of its own, where nobody can be asked for a password. */
export const unattended = ({ password: _, ...login }: Login): Omit<Login, 'password'> => login;

/** Who calls at this door (DESIGN decision 11). `access.denied` for a user who has said no more than a name. */
export function cliCaller({ osUser, user, token }: Omit<Login, 'password'>): Caller {
  if (user !== undefined && token === undefined)
    throw new AppError('access.denied', `This command needs a token to act as '${user}'.`, {
      hint: "Have one made with 'aiworkflow user token', and set AIWORKFLOW_TOKEN.",
    });
  return { kind: 'user', id: osUser, door: 'cli', ...(token === undefined ? {} : { credential: token }) };
}

/** The caller's folder: npm runs scripts in the package's folder and says in `INIT_CWD` where the caller stands. */
export function callerFolder(env: Readonly<Record<string, string | undefined>>, cwd: string, appRoot: string): string {
  const isInApp = sameFolder(cwd, appRoot);
  return isInApp && env.INIT_CWD ? env.INIT_CWD : cwd;
}

function sameFolder(one: string, other: string): boolean {
  try {
    return realpathSync(one) === realpathSync(other);
  } catch {
    return one === other;
  }
}

/** `$HOME` before the password file, as shells do. */
export const homeFolder = (env: Readonly<Record<string, string | undefined>>): string => env.HOME || homedir();
