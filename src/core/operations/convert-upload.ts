import { readdir } from 'node:fs/promises';
import { basename, parse } from 'node:path';
import type { ConvertedDraft } from '../../shared/model/conversion.ts';
import {
  type Conversion,
  convertForeign,
  draftFiles,
  draftName,
  MAX_FOREIGN_BYTES,
  triggerDetail,
  uniqueNames,
} from '../conversion/index.ts';
import type { ProjectSession } from './project-session.ts';

/** More files than this are a folder of something else. */
const MOST_FILES = 100;

interface ConvertedFile {
  readonly file: string;
  readonly conversion: Conversion;
}

/**
 * Makes drafts of an upload, each an upload of its own, and throws the first one away. None where anything in it is no job of another program:
 * that stays as it is. Errors: `conversion.unreadable`, those of uploads.
 */
export async function convertUpload(
  session: ProjectSession,
  uploadId: string,
): Promise<{ readonly drafts: readonly ConvertedDraft[] }> {
  const { staging, paths } = session;
  const files = await staging.smallFiles(uploadId, { most: MOST_FILES, bytes: MAX_FOREIGN_BYTES });
  const { timeZone: timezone } = Intl.DateTimeFormat().resolvedOptions();
  const converted: ConvertedFile[] = [];
  for (const { path, bytes } of files ?? []) {
    const file = basename(path);
    const conversion = convertForeign(bytes, { name: file, timezone });
    if (conversion === null) return { drafts: [] };
    converted.push({ file, conversion });
  }
  const taken = await Promise.all(
    [paths.bundlesDir, paths.workflowsDir].map((dir) => readdir(dir).catch((): string[] => [])),
  );
  const free = uniqueNames('-');
  for (const name of taken.flat())
    free(parse(name.toLowerCase()).ext === '.md' ? parse(name.toLowerCase()).name : name.toLowerCase());
  const drafts: ConvertedDraft[] = [];
  for (const one of converted) drafts.push(...(await stageDrafts(session, one, free)));
  if (drafts.length > 0) await staging.discard(uploadId);
  return { drafts };
}

async function stageDrafts(
  { staging }: ProjectSession,
  { file, conversion }: ConvertedFile,
  free: (name: string) => string,
): Promise<readonly ConvertedDraft[]> {
  const { format, plans } = conversion;
  const drafts: ConvertedDraft[] = [];
  for (const plan of plans) {
    const name = free(draftName(plan.title));
    const texts = [...draftFiles(plan, { format, file, name })];
    const { uploadId } = await staging.upload({
      name,
      files: texts.map(([path, text]) => ({ path, base64: Buffer.from(text).toString('base64'), offset: 0 })),
    });
    const { reading } = await staging.read(uploadId);
    drafts.push({
      ...{ uploadId, contentHash: reading.contentHash, format, file, name, title: plan.title },
      steps: plan.steps.length,
      triggers: plan.triggers.map((trigger) => ({ type: String(trigger['type']), detail: triggerDetail(trigger) })),
      notes: plan.notes,
    });
  }
  return drafts;
}
