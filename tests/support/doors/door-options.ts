import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { foreignProject, ownProject } from '../own-project.ts';

export interface OpenDoorOptions {
  /** Absolute path of the project folder. */
  readonly projectPath: string;
  /** Folder with `src/`, `dist/client` and `package.json`; the checkout unless a test makes its own. */
  readonly appRoot?: string;
  /** The user's home; a fresh temporary folder unless it is given. */
  readonly home?: string;
  /** The browser door lets triggers start runs, as the desktop app does. */
  readonly hasTriggers?: boolean;
  /** Port of the browser door; any that is free unless it is given. */
  readonly port?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** Nobody made its folder here: it asks before anything of it is started. Default: it was made here. */
  readonly isFromElsewhere?: boolean;
}

/** Pages of tests have no motion: what turns while a run goes on would keep a processor busy that the tests share. */
export const CALM = { reducedMotion: 'reduce' } as const;

/** An open door of the real product, as an operator sees it: a page. */
export interface OpenedDoor {
  readonly name: 'browser' | 'desktop';
  readonly page: Page;
  /** What the host wrote to stderr so far. */
  stderr(): string;
  /** Kills the host with SIGKILL and waits until it is gone; the page stays, without anybody behind it. `close` tidies up. */
  kill(): Promise<void>;
  /** Closes the page and ends the host as a system would (SIGTERM). Gives the host's exit code. */
  close(): Promise<number | null>;
}

/** A home of its own for one host, so that a test never meets the developer's settings. */
export function makeHome(given: string | undefined): { readonly home: string; readonly remove: () => void } {
  if (given !== undefined) return { home: given, remove: () => undefined };
  const home = mkdtempSync(join(tmpdir(), 'door-home-'));
  return { home, remove: () => rmSync(home, { recursive: true, force: true }) };
}

/** Knows the folder of a project that a test has written; one that is to be made is the host's. */
export function knowProject(home: string, { projectPath, isFromElsewhere = false }: OpenDoorOptions): void {
  const isThere = ['aiworkflow.yaml', '.aiworkflow'].some((name) => existsSync(join(projectPath, name)));
  if (isThere) (isFromElsewhere ? foreignProject : ownProject)(projectPath, join(home, 'user-data'));
}

/** The environment of a host under test. */
export const hostEnvironment = (home: string, options: OpenDoorOptions): Record<string, string> => ({
  HOME: home,
  USERPROFILE: home,
  XDG_CONFIG_HOME: join(home, '.config'),
  AIWORKFLOW_USER_DIR: join(home, 'user-data'),
  AIWORKFLOW_NO_WINDOW: '1',
  ...options.env,
});
