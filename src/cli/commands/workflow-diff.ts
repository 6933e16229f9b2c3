import type { WorkflowVersion } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import type { Json } from '../../shared/json.ts';
import type { WorkflowChange } from '../../shared/workflow-changes.ts';
import { withClient } from '../client/call-reader.ts';
import type { CliContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { print } from '../print.ts';
import { usageError } from '../report-error.ts';
import { oneLine } from '../text/plain-text.ts';
import { withWorkflowRef } from '../values/workflow-ref.ts';

const PUBLISHED = 'published';
/** Fewer digits say nothing of a version. */
const LEAST_DIGITS = 4;

/** `workflow diff ID [BEFORE] [AFTER]`. */
export async function diffVersions(
  context: CliContext,
  id: string,
  before: string | undefined,
  after: string | undefined,
): Promise<ExitCode> {
  const compared = await withClient(context, (client) =>
    withWorkflowRef(id, context.cwd, async (ref) => {
      const { entry, versions, contentHash } = await client.call('workflows.get', { ref });
      const newest = versions.find(({ hash }) => hash !== contentHash);
      if (before === undefined && newest === undefined)
        throw new AppError('workflow.version_not_found', `${entry.name} has no version before the published one.`);
      const sides = {
        before: before === undefined ? (newest?.hash ?? null) : hashOf(before, versions),
        after: after === undefined ? null : hashOf(after, versions),
      };
      const { changes } = await client.call('versions.compare', { ref, ...sides });
      const shown = (hash: string | null): string => hash ?? PUBLISHED;
      return { id: entry.id, before: shown(sides.before), after: shown(sides.after), changes };
    }),
  );
  print(context, { ...compared, count: compared.changes.length }, () =>
    compared.changes.length === 0
      ? 'Nothing that the workflow says is different.'
      : compared.changes.map((change) => changeText(change)).join('\n'),
  );
  return EXIT.ok;
}

/** Null = the published text. Errors: usage, `workflow.version_not_found`. */
function hashOf(word: string, versions: readonly WorkflowVersion[]): string | null {
  if (word === PUBLISHED) return null;
  if (!/^[0-9a-f]+$/.test(word) || word.length < LEAST_DIGITS)
    throw usageError(`'${word}' is no version: write at least ${LEAST_DIGITS} digits of its hash, or '${PUBLISHED}'.`);
  const found = versions.filter(({ hash }) => hash.startsWith(word));
  if (found.length > 1) throw usageError(`${found.length} versions begin with '${word}': write more digits.`);
  const [version] = found;
  if (version !== undefined) return version.hash;
  throw new AppError('workflow.version_not_found', `No version of this workflow begins with '${word}'.`, {
    hint: "See 'aiworkflow workflow versions ID'.",
  });
}

const spelled = (value: Json): string => oneLine(typeof value === 'string' ? value : JSON.stringify(value));

/** `3 Read: timeout 30s → 60s`. */
function changeText({ is, step, key, before, after }: WorkflowChange): string {
  const where = step === null ? 'workflow' : `${step.number} ${oneLine(step.name)}`;
  if (is === 'moved') return `${where}: stands at ${spelled(after)}, was at ${spelled(before)}`;
  if (key === '') return `${where}: ${is === 'added' ? 'new step' : 'step removed'}`;
  if (is === 'changed') return `${where}: ${key} ${spelled(before)} → ${spelled(after)}`;
  return is === 'added'
    ? `${where}: ${key} added: ${spelled(after)}`
    : `${where}: ${key} removed, was ${spelled(before)}`;
}
