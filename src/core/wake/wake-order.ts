import { sha256Hex } from '../crypto/index.ts';

/** How the command line of this app is started by somebody else: absolute paths, and the variables it needs. */
export interface CommandLine {
  readonly program: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/** Names a project in what the system knows of it: 12 hex digits of its path. */
export const wakeIdOf = (projectPath: string): string => sha256Hex(projectPath).slice(0, 12);

/** What the timer of the system is to start, once a minute. */
export interface WakeOrder extends CommandLine {
  /** See {@link wakeIdOf}. */
  readonly id: string;
  /** Absolute path of the project folder. */
  readonly project: string;
  /** Where agents and tools are looked for: timers of Linux and macOS know only the folders of the system. */
  readonly searchPath: string;
}

/** A program with its arguments. */
export interface WakeCommand {
  readonly program: string;
  readonly args: readonly string[];
}

/** All that a system needs to know of the timer: files first, then `load`; `unload`, then no files. */
export interface WakeUnits {
  readonly system: 'systemd' | 'launchd' | 'task_scheduler';
  readonly files: readonly { readonly path: string; readonly text: string }[];
  readonly load: readonly WakeCommand[];
  readonly unload: readonly WakeCommand[];
  /** Is run once the files are gone. */
  readonly afterwards: readonly WakeCommand[];
}

/** Of the user whose timer it is. */
export interface WakePlace {
  readonly home: string;
  readonly userDataDir: string;
  readonly configHome: string;
  /** The number of the user where the system counts them. */
  readonly userId: number;
}
