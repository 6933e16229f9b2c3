import type { TrustSheet } from '../../shared/contract/index.ts';
import { withClient } from '../client/call-reader.ts';
import type { CliContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { note, print } from '../print.ts';
import { usageError } from '../report-error.ts';
import { findingsText } from '../text/findings-text.ts';
import { table } from '../text/table.ts';
import { withWorkflowRef } from '../values/workflow-ref.ts';

interface TrustFlags {
  readonly accept?: string;
  readonly withdraw?: boolean;
}

/** `bundle trust PATH [--accept HASH | --withdraw]`: the sheet, or the consent to exactly the content that has this hash. */
export async function trustBundle(context: CliContext, path: string, flags: TrustFlags): Promise<ExitCode> {
  const { accept, withdraw = false } = flags;
  if (accept !== undefined && withdraw) throw usageError('Name one of --accept and --withdraw.');
  const sheet = await withWorkflowRef(path, context.cwd, (ref) =>
    withClient(context, async (client) => {
      if (withdraw) return client.call('trust.withdraw', { ref });
      const shown = await client.call('trust.show', { ref });
      if (accept === undefined) return shown;
      // Whoever accepts by the hash is shown the findings with it, as on the screen.
      if (!context.globals.json) note(context, findingsText(shown.findings));
      const read = shown.findings.map(({ id }) => id);
      return client.call('trust.give', { ref, contentHash: accept, read });
    }),
  );
  print(context, sheet, () => (accept === undefined && !withdraw ? sheetText(sheet) : headText(sheet)));
  return EXIT.ok;
}

const STATES: Readonly<Record<TrustSheet['state'], string>> = {
  own: 'made here, trusted without a question',
  trusted: 'trusted',
  untrusted: 'not trusted, it does not run',
  changed: 'changed since it was trusted, it does not run as it is now',
};

const FOLDER_STATES: typeof STATES = {
  own: STATES.own,
  trusted: 'trusted',
  untrusted: 'not trusted, nothing of it is reached or started',
  changed: 'changed since it was trusted, nothing of it is reached or started',
};

const headText = ({ of, name, version, state }: TrustSheet): string =>
  of === 'project' ? `The folder ${name}: ${FOLDER_STATES[state]}.` : `${name} ${version}: ${STATES[state]}.`;

/** The sheet of a bundle as text. */
export function sheetText(sheet: TrustSheet): string {
  const { of, state, against, rows, difference, contentHash, signer } = sheet;
  const isAsked = state === 'untrusted' || state === 'changed';
  return [
    headText(sheet),
    ...(signer === null ? [] : [`Signed by ${signer}.`]),
    ...(against === null ? [] : [`Held against ${against.versionLabel}.`]),
    ...(difference?.parametersOnly === true
      ? ['Only values are different:', ...difference.parameters.map(parameterText)]
      : []),
    '',
    table(
      [of === 'project' ? 'THE FOLDER' : 'THE BUNDLE', ...(against === null ? [] : ['AGAINST']), 'WHAT', 'FOR'],
      rows.map((row) => [row.kind, ...(against === null ? [] : [row.mark]), row.name, row.purpose]),
    ),
    '',
    findingsText(sheet.findings),
    'Scripts run as you; these lists say what it declares and what reading its code showed.',
    `Hash: ${contentHash}`,
    ...(isAsked
      ? [`To trust exactly this: aiworkflow bundle trust ${of === 'project' ? '.' : 'NAME'} --accept ${contentHash}`]
      : []),
  ].join('\n');
}

const parameterText = ({
  place,
  before,
  after,
}: {
  place: string;
  before: string | null;
  after: string | null;
}): string => `  ${place}: ${after ?? '-'} (was ${before ?? '-'})`;
