import type { ConvertedDraft } from '../../shared/model/conversion.ts';
import type { CliContext, OpenClient } from '../context.ts';
import { print } from '../print.ts';
import { usageError } from '../report-error.ts';
import { oneLine } from '../text/plain-text.ts';

/** What `bundle import` was told. */
interface Given {
  readonly name: string | undefined;
  readonly force: boolean;
  readonly accept: string | undefined;
}

/**
 * Puts the drafts of a foreign file into the library, each with what did not map. None is trusted and none is armed: a person reads them
 * first.
 */
export async function bringDrafts(
  context: CliContext,
  client: OpenClient,
  drafts: readonly ConvertedDraft[],
  { name, force, accept }: Given,
): Promise<void> {
  try {
    if (force || accept !== undefined)
      throw usageError(
        'What another program wrote becomes drafts beside what is there: read them, then trust them with bundle trust.',
      );
    if (name !== undefined && drafts.length > 1)
      throw usageError(`The file holds ${drafts.length} jobs: --name is for one.`);
    const rows: Readonly<Record<string, unknown>>[] = [];
    const texts: string[] = [];
    for (const draft of drafts) {
      const { uploadId, contentHash } = draft;
      const input = { uploadId, contentHash, name: name ?? draft.name, onConflict: 'keep_both' as const };
      const done = await client.call('bundles.import', input);
      rows.push(rowOf(draft, done));
      texts.push(textOf(draft, done.name));
    }
    print(context, { format: drafts[0]?.format, drafts: rows, count: rows.length }, () =>
      [
        ...texts,
        'They are drafts: nothing is armed, and none runs before you trust it (aiworkflow bundle trust NAME).',
      ].join('\n\n'),
    );
  } catch (error) {
    for (const { uploadId } of drafts) await client.call('bundles.discard', { uploadId });
    throw error;
  }
}

const rowOf = (
  { contentHash, file, title, steps, triggers, notes }: ConvertedDraft,
  { ref, name }: { readonly ref: string; readonly name: string },
): Readonly<Record<string, unknown>> => ({
  ...{ ref, name, title, file, content_hash: contentHash, steps, triggers },
  notes: notes.map(({ severity, code, message, line }) => ({ severity, code, message, line: line ?? null })),
});

function textOf({ title, steps, triggers, notes }: ConvertedDraft, name: string): string {
  const starts = triggers.map(({ type, detail }) => `  would start by ${type} ${oneLine(detail)}`.trimEnd());
  const said = notes.map(
    ({ severity, message, line }) =>
      `  ${severity === 'warning' ? 'did not map' : 'is another here'}: ${line === undefined ? '' : `line ${line}, `}${oneLine(message)}`,
  );
  const count = steps === 1 ? '1 step' : `${steps} steps`;
  return [
    `${name}: ${oneLine(title)}, ${count}`,
    ...starts,
    ...(said.length === 0 ? ['  everything mapped'] : said),
  ].join('\n');
}
