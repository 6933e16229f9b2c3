import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { AcceptedVersion, TrustSubject } from '../../shared/model/trust.ts';
import { errnoOf, toFileError } from '../files/index.ts';
import type { LibraryItem } from '../projects/index.ts';

const pinSchema = z.object({
  from: z.string(),
  ref: z.string(),
  versionHash: z.string(),
  workflowPath: z.string(),
  workflowId: z.string(),
});
const armedSchema = z.object({
  contentHash: z.string(),
  versionLabel: z.string(),
  pins: z.array(pinSchema).optional(),
});
const consentSchema = armedSchema.extend({
  definitionHash: z.string(),
  before: armedSchema.optional(),
  by: z.string(),
  at: z.number(),
});
const fileSchema = z.object({ consents: z.record(z.string(), consentSchema) });

/** What was consented to before trust was kept by workflow, in the shape in which it is kept now. */
export interface OldConsents {
  readonly subjects: Record<string, TrustSubject>;
  readonly armed: Record<string, { readonly definitionHash: string; readonly by: string; readonly at: number }>;
}

/**
 * Reads the file in which each trigger had a consent of its own. The newest word about a workflow is the one that was meant: its other
 * triggers go on with that version too. A damaged file arms nothing. Errors: `file.io` when the file is there and cannot be read.
 */
export async function readOldConsents(
  file: string,
  library: () => Promise<readonly LibraryItem[]>,
): Promise<OldConsents> {
  const text = await readFile(file, 'utf8').catch((thrown: unknown) => {
    if (errnoOf(thrown) === 'ENOENT') return null;
    throw toFileError(thrown, file);
  });
  const consents = text === null ? [] : parse(text);
  const subjects: Record<string, TrustSubject> = {};
  const armed: OldConsents['armed'] = {};
  if (consents.length === 0) return { subjects, armed };
  const items = await library();
  for (const [key, { definitionHash, by, at, before, ...rest }] of consents.toSorted((a, b) => a[1].at - b[1].at)) {
    const owner = items.find(({ id, ownsId }) => ownsId && key.startsWith(`${id}/`));
    if (owner === undefined) continue;
    const version = ({ pins, ...one }: z.infer<typeof armedSchema>): AcceptedVersion => ({
      ...{ contentHash: one.contentHash, versionLabel: one.versionLabel, by, at },
      ...(pins === undefined ? {} : { pins }),
    });
    armed[key] = { definitionHash, by, at };
    const accepted = version(rest);
    subjects[owner.path] = { outside: null, accepted, ...(before === undefined ? {} : { before: version(before) }) };
  }
  return { subjects, armed };
}

function parse(text: string): readonly (readonly [string, z.infer<typeof consentSchema>])[] {
  try {
    return Object.entries(fileSchema.parse(JSON.parse(text)).consents);
  } catch {
    return [];
  }
}
