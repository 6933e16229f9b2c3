import { isWanted, nameOfFile } from '../../../shared/upload-plan.ts';
import type { IncomingFile } from '../../client/shell-requests.ts';

/** The parts of a browser's file system entries that walking needs; `DataTransferItem.webkitGetAsEntry` gives them. */
export interface WalkedEntry {
  readonly isFile: boolean;
  readonly isDirectory: boolean;
  readonly name: string;
}
export interface WalkedFile extends WalkedEntry {
  file(onFile: (file: File) => void, onError: (error: unknown) => void): void;
}
export interface WalkedFolder extends WalkedEntry {
  createReader(): {
    readEntries(onEntries: (entries: readonly WalkedEntry[]) => void, onError: (error: unknown) => void): void;
  };
}

const fileOf = (entry: WalkedFile): Promise<File> => new Promise((resolve, reject) => entry.file(resolve, reject));

/** All entries of a folder: a reader gives at most 100 at a time and ends with an empty answer. */
async function entriesOf(folder: WalkedFolder): Promise<readonly WalkedEntry[]> {
  const reader = folder.createReader();
  const all: WalkedEntry[] = [];
  for (;;) {
    const some = await new Promise<readonly WalkedEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return all;
    all.push(...some);
  }
}

/** Every file under an entry with its path below `prefix`, `/` separated, in the order of names. */
async function walkEntry(entry: WalkedEntry, prefix = ''): Promise<readonly IncomingFile[]> {
  const path = prefix === '' ? entry.name : `${prefix}/${entry.name}`;
  if (!isWanted(entry.name)) return [];
  if (entry.isFile) return [{ path, file: await fileOf(entry as WalkedFile) }];
  return walkFolder(entry as WalkedFolder, path);
}

async function walkFolder(folder: WalkedFolder, prefix: string): Promise<readonly IncomingFile[]> {
  const entries = [...(await entriesOf(folder))].sort((a, b) => (a.name < b.name ? -1 : 1));
  const files: IncomingFile[] = [];
  for (const entry of entries) files.push(...(await walkEntry(entry, prefix)));
  return files;
}

export interface Incoming {
  readonly name: string;
  readonly files: readonly IncomingFile[];
}

/** What was dropped, as one thing to import: one folder (paths inside it), or one file, or several files together. */
export async function walkDropped(entries: readonly WalkedEntry[]): Promise<Incoming> {
  const only = entries.length === 1 ? entries[0] : undefined;
  if (only?.isDirectory === true) return { name: only.name, files: await walkFolder(only as WalkedFolder, '') };
  const files: IncomingFile[] = [];
  for (const entry of entries) files.push(...(await walkEntry(entry)));
  return { name: nameOfFile(files[0]?.path ?? ''), files };
}

/** What a file picker gave: with `webkitdirectory` the first part of every path is the folder's name. */
export function incomingOfPicked(files: readonly File[]): Incoming {
  const first = files[0];
  const folder = first?.webkitRelativePath.split('/')[0] ?? '';
  if (folder === '')
    return { name: nameOfFile(first?.name ?? ''), files: files.map((file) => ({ path: file.name, file })) };
  const inside = files.map((file) => ({ path: file.webkitRelativePath.split('/').slice(1).join('/'), file }));
  return { name: folder, files: inside.filter(({ path }) => isWanted(path)) };
}
