import { resolve } from 'node:path';
import type { ImportSheet } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import { withClient } from '../client/call-reader.ts';
import type { CliContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { note, print } from '../print.ts';
import { usageError } from '../report-error.ts';
import { uploadFile } from '../values/upload-file.ts';
import { withWorkflowRef } from '../values/workflow-ref.ts';
import { sheetText } from './bundle-trust.ts';
import { bringDrafts } from './import-drafts.ts';

interface ImportFlags {
  readonly name?: string;
  readonly force?: boolean;
  readonly accept?: string;
  readonly undo?: boolean;
}

/** `bundle import FILE [--name NAME] [--force] [--accept HASH]`, and `bundle import NAME --undo`, which takes an import back. */
export async function importBundle(context: CliContext, file: string, flags: ImportFlags): Promise<ExitCode> {
  const { name, force = false, accept, undo = false } = flags;
  if (!undo) return bring(context, file, { ...flags, force });
  if (name !== undefined || force || accept !== undefined) throw usageError('--undo stands alone.');
  const undone = await withWorkflowRef(file, context.cwd, (ref) =>
    withClient(context, (client) => client.call('bundles.undoImport', { ref })),
  );
  print(context, { undone: file, brought_back: undone.broughtBack, restore_token: undone.restoreToken }, () =>
    undone.broughtBack
      ? `The import of ${file} is undone: what it had replaced stands there again.`
      : `The import of ${file} is undone: it is out of the library.`,
  );
  return EXIT.ok;
}

async function bring(
  context: CliContext,
  file: string,
  { name, force, accept }: Pick<ImportFlags, 'name' | 'accept'> & { readonly force: boolean },
): Promise<ExitCode> {
  await withClient(context, async (client) => {
    const { uploadId } = await uploadFile(client, resolve(context.cwd, file));
    try {
      const { drafts } = await client.call('bundles.convert', { uploadId });
      if (drafts.length > 0) return await bringDrafts(context, client, drafts, { name, force, accept });
      const sheet = await client.call('bundles.inspect', { uploadId });
      if (accept !== undefined && accept !== sheet.contentHash) throw otherContent(sheet);
      if (!context.globals.json) note(context, sheetText(sheet.trust));
      const done = await client.call('bundles.import', {
        ...{ uploadId, contentHash: sheet.contentHash, name: name ?? sheet.suggestedName },
        onConflict: force ? 'replace' : 'refuse',
        ...(accept === undefined ? {} : { consent: { read: sheet.trust.findings.map(({ id }) => id) } }),
      });
      const isTrusted = accept !== undefined || sheet.trust.state === 'trusted';
      print(
        context,
        { ref: done.ref, name: done.name, content_hash: sheet.contentHash, trusted: isTrusted, trust: sheet.trust },
        () =>
          [
            `Imported ${done.name}.`,
            ...(isTrusted
              ? []
              : [
                  `It does not run before you trust it: aiworkflow bundle trust ${done.name} --accept ${sheet.contentHash}`,
                ]),
            `To take it back: aiworkflow bundle import ${done.name} --undo`,
          ].join('\n'),
      );
    } catch (error) {
      await client.call('bundles.discard', { uploadId });
      throw error;
    }
  });
  return EXIT.ok;
}

const otherContent = ({ contentHash }: ImportSheet): AppError =>
  new AppError('bundle.changed', 'The file does not hold the content of this hash.', {
    hint: 'Look at it without --accept first.',
    details: { content_hash: contentHash },
  });
