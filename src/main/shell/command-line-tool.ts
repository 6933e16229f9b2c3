import { chmod } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { type BrowserWindow, dialog } from 'electron';
import { writeFileAtomic } from '../../core/files/index.ts';
import { AppError, toErrorRecord } from '../../shared/errors.ts';
import { showProblem } from '../show-problem.ts';
import { words } from '../words/index.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Where the tool goes, and what stands there: Electron's own program as Node (docs/adr/0005), with the command line of this app. */
export interface CommandPlace {
  readonly file: string;
  readonly folder: string;
  readonly text: string;
}

/** A place of this user's own that systems look for programs in. Throws `file.io` where the app itself has no lasting place. */
export function commandPlace(
  { program, root }: { readonly program: string; readonly root: string },
  {
    platform,
    environment,
    home,
  }: { readonly platform: string; readonly environment: Environment; readonly home: string },
): CommandPlace {
  if (environment.APPIMAGE)
    throw new AppError('file.io', 'An AppImage has no lasting place for a command-line tool.', {
      hint: 'Install the .deb package, or start the file itself.',
    });
  const script = join(root, 'dist', 'node', 'cli.js');
  if (platform === 'win32') {
    const folder = join(environment.LOCALAPPDATA ?? join(home, 'AppData', 'Local'), 'Microsoft', 'WindowsApps');
    const text = `@echo off\r\nset ELECTRON_RUN_AS_NODE=1\r\n"${program}" "${script}" %*\r\n`;
    return { folder, file: join(folder, 'aiworkflow.cmd'), text };
  }
  const folder = join(home, '.local', 'bin');
  const text = `#!/bin/sh\nELECTRON_RUN_AS_NODE=1 exec ${quoted(program)} ${quoted(script)} "$@"\n`;
  return { folder, file: join(folder, 'aiworkflow'), text };
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** Puts the tool there, and says where it is and whether a terminal finds it. */
export async function installCommand(
  window: BrowserWindow,
  app: { readonly program: string; readonly root: string },
  system: { readonly platform: string; readonly environment: Environment; readonly home: string },
): Promise<void> {
  try {
    const { file, folder, text } = commandPlace(app, system);
    await writeFileAtomic(file, text, 0o755);
    if (system.platform !== 'win32') await chmod(file, 0o755);
    const isFound = (system.environment.PATH ?? '').split(delimiter).includes(folder);
    await dialog.showMessageBox(window, {
      ...{ type: 'info', title: 'aiworkflow', buttons: [words().close], noLink: true },
      message: words().command.installed,
      detail: isFound ? words().command.found(file) : words().command.notFound(folder, file),
    });
  } catch (thrown) {
    showProblem(toErrorRecord(thrown));
  }
}
