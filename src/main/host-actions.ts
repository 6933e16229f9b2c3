import { extname } from 'node:path';
import { type BrowserWindow, dialog, shell } from 'electron';
import { z } from 'zod';
import { resolveInside } from '../core/files/index.ts';
import { answerCall, type CenterPort } from '../server/call-envelope.ts';
import type { OutputOf } from '../shared/contract/index.ts';
import { AppError } from '../shared/errors.ts';
import type { Actor } from '../shared/model/run.ts';
import { readChosenKeys } from '../shared/model/shortcuts.ts';
import type { PageCommands } from './page-commands.ts';
import type { SettingsKeeper } from './settings-keeper.ts';

/** The window that a dialog belongs to. */
export type HostWindow = BrowserWindow;

export interface HostActionContext {
  readonly center: CenterPort;
  readonly window: HostWindow;
  readonly actor: Actor;
  readonly settings: SettingsKeeper;
  readonly commands: PageCommands;
}

const fileInput = z.strictObject({ runId: z.string().min(1).max(120), path: z.string().min(1).max(1024) });

/**
 * Kinds of files that are handed to the operator's own program. A run's files are made by scripts and agents: what the
 * system would run rather than show is never opened, only shown in its folder.
 */
const OPENED_KINDS: ReadonlySet<string> = new Set(
  '.txt .md .log .json .jsonl .yaml .yml .csv .tsv .xml .html .pdf .png .jpg .jpeg .gif .webp .svg .docx .xlsx .pptx .odt .ods'.split(
    ' ',
  ),
);

/** What the desktop can do beyond the contract. Throws `contract.unknown_operation` for anything else. */
export async function answerHostAction(context: HostActionContext, name: string, input: unknown): Promise<unknown> {
  switch (name) {
    case 'pickFolder':
      return pickFolder(context.window);
    case 'openFile':
      return openFile(await findRunFile(context, input));
    case 'revealFile':
      shell.showItemInFolder(await findRunFile(context, input));
      return null;
    case 'settings':
      return context.settings.now();
    case 'lockedSettings':
      return context.settings.locked;
    case 'changeSettings':
      return context.settings.change(input);
    case 'showKeys':
      context.commands.showKeys(readChosenKeys(input));
      return null;
    case 'listen':
      context.commands.ready(context.window.webContents);
      return null;
    default:
      throw new AppError('contract.unknown_operation', 'The desktop app has no such action.');
  }
}

/** The folder that the operator chose, or null. */
async function pickFolder(window: HostWindow): Promise<string | null> {
  const chosen = await dialog.showOpenDialog(window, { properties: ['openDirectory', 'createDirectory'] });
  return chosen.canceled ? null : (chosen.filePaths[0] ?? null);
}

async function openFile(path: string): Promise<null> {
  if (!OPENED_KINDS.has(extname(path).toLowerCase())) {
    throw new AppError('access.denied', 'A file of this kind is not opened from here.', {
      hint: 'Show it in its folder and look at it there.',
    });
  }
  const problem = await shell.openPath(path);
  if (problem !== '') throw new AppError('file.io', 'The file cannot be opened.', { hint: problem });
  return null;
}

/** Real path of a file that the run itself lists; nothing else can be named. */
async function findRunFile(context: HostActionContext, input: unknown): Promise<string> {
  const parsed = fileInput.safeParse(input);
  if (!parsed.success) throw new AppError('contract.invalid_input', 'A file is named by its run and its path.');
  const { runId, path } = parsed.data;
  const answer = await answerCall(context.center, { name: 'runs.files', input: { runId } }, context.actor);
  if (!answer.ok) throw AppError.fromRecord(answer.error);
  const { files, folder } = answer.value as OutputOf<'runs.files'>;
  if (!files.some((file) => file.path === path)) throw new AppError('file.not_found', 'The run has no such file.');
  return resolveInside(folder, path);
}
