import type { IncomingFile } from '../../client/shell-requests.ts';

/** What people drop by mistake. */
export type DroppedKind = 'picture' | 'recording' | 'document' | 'table' | 'script' | 'other';

const ENDINGS: Readonly<Record<Exclude<DroppedKind, 'other'>, string>> = {
  picture: 'png jpg jpeg gif webp svg bmp tiff heic avif ico',
  recording: 'mp3 wav m4a ogg flac mp4 mov avi mkv webm',
  document: 'pdf doc docx odt rtf txt pages ppt pptx odp',
  table: 'csv tsv xls xlsx ods numbers json xml',
  script: 'sh bash py js mjs ts rb ps1 bat cmd exe',
};
const IMPORTABLE = /\.(?:awb|zip|md|markdown)$/i;

/** Null where there may be a workflow in it; else what it is instead: nothing of it needs to be sent. */
export function whatWasDropped(files: readonly Pick<IncomingFile, 'path'>[]): DroppedKind | null {
  if (files.some(({ path }) => IMPORTABLE.test(path))) return null;
  const [first, ...others] = files;
  return first === undefined || others.length > 0 ? 'other' : kindOf(first.path);
}

function kindOf(path: string): DroppedKind {
  const ending = /\.([a-z0-9]+)$/i.exec(path)?.[1]?.toLowerCase() ?? '';
  const found = Object.entries(ENDINGS).find(([, endings]) => endings.split(' ').includes(ending));
  return (found?.[0] as DroppedKind | undefined) ?? 'other';
}
