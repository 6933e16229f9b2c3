import { mkdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { ParsedInputOf } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import type { Actor } from '../../shared/model/run.ts';
import { type BundleReading, copyVerified, readBundle } from '../bundles/index.ts';
import { toFileError, writeFileAtomic } from '../files/index.ts';
import { showPath } from '../projects/index.ts';
import { sanitizeId } from '../workflow/index.ts';
import { setYamlText } from '../yaml/index.ts';
import type { ProjectSession } from './project-session.ts';

/**
 * Makes a new workflow of a text, with the rest of the bundle that it comes from; gives its path relative to the project. What came from
 * outside stays what came from outside: the copy waits for a person's word. Errors: `workflow.invalid`, `project.exists`, `bundle.changed`, `file.*`.
 */
export async function saveWorkflowAs(
  session: ProjectSession,
  from: BundleReading,
  { source, name }: Pick<ParsedInputOf<'workflows.saveAs'>, 'source' | 'name'>,
  actor: Actor,
): Promise<string> {
  const { paths, trust, clock } = session;
  const id = sanitizeId(name);
  const text = renamed(source, id, name);
  const target = from.kind === 'file' ? join(paths.workflowsDir, `${id}.md`) : join(paths.bundlesDir, id);
  const shown = showPath(paths, target);
  if ((await stat(target).catch(() => null)) !== null)
    throw new AppError('project.exists', `Already there: ${shown}`, { hint: 'Choose another name.' });
  const outside = trust.subject(showPath(paths, from.path))?.outside ?? null;
  // Known before it stands there, so that nothing of it runs in between.
  if (outside !== null)
    await trust.noteOutside(shown, { contentHash: from.contentHash, by: actor.id, at: clock.now() });
  await mkdir(join(target, '..'), { recursive: true });
  if (from.kind === 'file') await writeFileAtomic(target, text);
  else await copyBundle(from, target, { text, name });
  if (outside === null) await trust.noteOwn(shown);
  else await trust.noteOutside(shown, { ...outside, contentHash: (await readBundle(target)).contentHash });
  return shown;
}

/** All of a bundle but its `.env`, with another text and name; it appears whole or not at all. */
async function copyBundle(
  { sources, contentHash, path, workflowFile }: BundleReading,
  target: string,
  { text, name }: { readonly text: string; readonly name: string },
): Promise<void> {
  const folder = await copyVerified(sources, contentHash, join(target, '..'));
  try {
    await writeFileAtomic(join(folder, relative(path, workflowFile ?? join(path, 'workflow.md'))), text);
    const config = join(folder, 'config.yaml');
    const settings = await readFile(config, 'utf8').catch(() => null);
    if (settings !== null) await writeFileAtomic(config, setYamlText(settings, ['name'], name));
    await rename(folder, target);
  } catch (thrown) {
    await rm(folder, { recursive: true, force: true });
    throw toFileError(thrown, target);
  }
}

const FRONT = /^---[ \t]*\r?\n([\s\S]*?)^---[ \t]*$/m;

/** A text with another id and name; everything else stays as it is written. */
function renamed(source: string, id: string, name: string): string {
  if (!/^---[ \t]*\r?\n/.test(source))
    return `---\nworkflow: {id: ${id}, name: ${JSON.stringify(name)}}\n---\n\n${source}`;
  const front = FRONT.exec(source)?.[1];
  try {
    if (front === undefined) throw new Error('it is never closed');
    const named = setYamlText(setYamlText(front, ['workflow', 'id'], id), ['workflow', 'name'], name);
    return source.replace(front, () => named);
  } catch (cause) {
    throw new AppError('workflow.invalid', 'The part above the steps cannot be read, so the copy cannot be named.', {
      hint: 'Mend the YAML between the lines of ---, then save it again.',
      cause,
    });
  }
}
