import { realpath, stat } from 'node:fs/promises';
import { relative } from 'node:path';
import type { LiveEvent, OperationName } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import type { Diagnostic } from '../../shared/model/diagnostic.ts';
import type { Actor } from '../../shared/model/run.ts';
import type { BundleReading } from '../bundles/index.ts';
import { sha256Hex } from '../crypto/index.ts';
import { isInside, writeFileAtomic } from '../files/index.ts';
import { type ProjectPaths, showPath } from '../projects/index.ts';
import { actorText } from '../storage/index.ts';
import { placed } from './check-start.ts';
import type { HandlersOf } from './handlers.ts';
import { withLastValues } from './last-values.ts';
import { Library } from './library.ts';
import type { ProjectSession } from './project-session.ts';
import { requireOfLibrary } from './removed-workflows.ts';
import { saveWorkflowAs } from './save-workflow-as.ts';
import { pinVersion } from './start-run.ts';
import { textReader } from './text-reader.ts';
import { WorkflowDrafts } from './workflow-drafts.ts';

type DraftOperation =
  | Extract<OperationName, `drafts.${string}`>
  | 'workflows.check'
  | 'workflows.complete'
  | 'workflows.names'
  | 'workflows.saveAs'
  | 'workflows.publish';

/** The use cases of the editor over one open project: texts that are checked, kept as drafts and published. */
export function draftHandlers(
  session: ProjectSession,
  publish: (event: LiveEvent) => void,
): HandlersOf<DraftOperation> {
  const { paths } = session;
  const library = new Library(session);
  const drafts = new WorkflowDrafts(paths.draftsDir, session.clock);
  const texts = textReader(session, library);
  const changed = (): void => publish({ kind: 'library' });
  const keyOf = async (ref: string, actor: Actor) => {
    const reading = await library.resolve(ref);
    await editableFile(reading, paths);
    return { path: showPath(paths, reading.path), by: actorText(actor) };
  };
  return {
    'workflows.check': ({ ref, source }) => texts.check(ref, source),
    'workflows.names': async ({ ref, source, line }) => {
      const { step, workflow, names } = await texts.names(ref, source, line);
      const { id, name } = step ?? { id: '', name: '' };
      return { step: step === null ? null : { id, name }, ...withLastValues(session, workflow.id, names) };
    },
    'workflows.saveAs': ({ ref, source, name }, actor) =>
      session.changes.inTurn(async () => {
        const reading = await library.resolve(ref);
        await editableFile(reading, paths);
        const path = await saveWorkflowAs(session, reading, { source, name }, actor);
        changed();
        return { ref: (await library.list({})).find((entry) => entry.path === path)?.ref ?? path };
      }),
    'workflows.complete': ({ ref, source, line, column }) => texts.complete(ref, source, { line, column }),
    'workflows.publish': ({ ref, source, baseHash }, actor) =>
      session.changes.inTurn(async () => {
        const reading = await library.resolve(ref);
        const file = await editableFile(reading, paths);
        requireBase(reading, baseHash);
        requireSound(
          (await texts.check(showPath(paths, reading.path), source)).diagnostics,
          fileInDiagnostics(session, reading),
        );
        await pinVersion(session, reading);
        await writeFileAtomic(file, source, (await stat(file)).mode & 0o777);
        await drafts.remove({ path: showPath(paths, reading.path), by: actorText(actor) });
        await keepPublished(session, library, showPath(paths, reading.path));
        changed();
        return { sourceHash: sha256Hex(source) };
      }),
    'drafts.list': async (_input, actor) => ({ drafts: await drafts.list(actorText(actor)) }),
    'drafts.get': async ({ ref }, actor) => {
      const key = await keyOf(ref, actor);
      const draft = await drafts.find(key);
      return { draft, damaged: (await drafts.damaged(key)).map((file) => showPath(paths, file)) };
    },
    'drafts.save': async ({ ref, ...draft }, actor) => {
      const saved = await drafts.save(await keyOf(ref, actor), draft);
      if (draft.revision === 0) changed();
      return saved;
    },
    'drafts.discard': async ({ ref }, actor) => {
      await drafts.remove(await keyOf(ref, actor));
      changed();
      return null;
    },
  };
}

/** A published text stays as a version, also where nobody starts it before the next one; what cannot be kept now is kept when it is replaced. */
async function keepPublished(session: ProjectSession, library: Library, path: string): Promise<void> {
  try {
    await pinVersion(session, await library.resolve(path));
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
  }
}

/** The file of a workflow that may be written: one of this project's library. Errors: `bundle.no_workflow`, `file.outside`. */
async function editableFile(reading: BundleReading, paths: ProjectPaths): Promise<string> {
  await requireOfLibrary(paths, reading, 'Edit it in your editor instead.');
  const { workflowFile } = reading;
  if (workflowFile === null)
    throw new AppError('bundle.no_workflow', 'No workflow file found (expected workflow.md or *.md)');
  // A link inside of a bundle may lead anywhere.
  const file = await realpath(workflowFile);
  if (file !== reading.path && !isInside(reading.path, file))
    throw new AppError('file.outside', 'The file of this workflow lies outside of its bundle.');
  return file;
}

/** How what is found in a workflow's own text names its file. */
const fileInDiagnostics = ({ paths }: ProjectSession, { kind, path, workflowFile }: BundleReading): string =>
  kind === 'file' ? showPath(paths, path) : relative(path, workflowFile ?? path).normalize('NFC');

function requireBase({ text }: BundleReading, baseHash: string): void {
  const hash = sha256Hex(text);
  if (hash === baseHash) return;
  throw new AppError('workflow.changed', 'The published text was changed meanwhile.', {
    hint: 'Look at the difference, then take that text or keep yours.',
    details: { sourceHash: hash },
  });
}

/** What somebody publishes can be read; what is wrong elsewhere in the bundle is not the text's fault. */
function requireSound(diagnostics: readonly Diagnostic[], file: string): void {
  const errors = diagnostics.filter((one) => one.severity === 'error' && one.file === file);
  if (errors.length === 0) return;
  throw new AppError('workflow.invalid', `Validation failed: ${errors.map(placed).join('; ')}`, {
    hint: 'The draft is kept: mend what is wrong in it, then publish it.',
    details: { diagnostics: errors },
  });
}
