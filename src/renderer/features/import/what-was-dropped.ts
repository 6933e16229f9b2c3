import type { IncomingFile } from '../../client/shell-requests.ts';

/** What people drop by mistake. */
export type DroppedKind = 'picture' | 'recording' | 'document' | 'table' | 'script' | 'other' | 'unknown';

const ENDINGS: Readonly<Record<Exclude<DroppedKind, 'other' | 'unknown'>, string>> = {
  picture: 'png jpg jpeg gif webp svg bmp tiff heic avif ico',
  recording: 'mp3 wav m4a ogg flac mp4 mov avi mkv webm',
  document: 'pdf doc docx odt rtf pages ppt pptx odp',
  table: 'csv tsv xls xlsx ods numbers',
  script: 'sh bash py js mjs ts rb ps1 bat cmd exe',
};
const IMPORTABLE = /\.(?:awb|zip|md|markdown)$/i;
/** How files of other programs are called that drafts can be made of. */
const FOREIGN = /(?:\.(?:json|xml|ya?ml|plist|cron|crontab|tab|txt)|(?:^|\/)crontab)$/i;

/** Null where there may be a workflow in it; else what it is instead: nothing of it needs to be sent. */
export function whatWasDropped(files: readonly Pick<IncomingFile, 'path'>[]): DroppedKind | null {
  if (holdsWorkflow(files) || files.some(({ path }) => FOREIGN.test(path))) return null;
  const [first, ...others] = files;
  return first === undefined || others.length > 0 ? 'other' : kindOf(first.path);
}

/** Whether one of the files may be a workflow, or an archive of one. */
export const holdsWorkflow = (files: readonly Pick<IncomingFile, 'path'>[]): boolean =>
  files.some(({ path }) => IMPORTABLE.test(path));

function kindOf(path: string): DroppedKind {
  const ending = /\.([a-z0-9]+)$/i.exec(path)?.[1]?.toLowerCase() ?? '';
  const found = Object.entries(ENDINGS).find(([, endings]) => endings.split(' ').includes(ending));
  return (found?.[0] as DroppedKind | undefined) ?? 'other';
}
