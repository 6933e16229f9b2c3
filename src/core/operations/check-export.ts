import { AppError } from '../../shared/errors.ts';
import { type BundleReading, readFiles } from '../bundles/index.ts';
import type { ProjectSession } from './project-session.ts';

/** A mark that stands where a secret stood. */
const MARK = /\[secret:([A-Z][A-Z0-9_]*)\]/;

/**
 * A bundle may leave this machine: no file of it holds a secret that is known here, in plain letters or as base64, URL or JSON. Gives whether
 * the stored secrets could be looked for: they cannot while they are locked. Errors: `bundle.holds_secret`, `bundle.changed`, `file.*`.
 */
export async function checkExport(
  { secrets, host }: Pick<ProjectSession, 'secrets' | 'host'>,
  reading: BundleReading,
): Promise<{ readonly contentHash: string; readonly looked: boolean }> {
  await secrets.warm();
  const looked = secrets.list().length === 0 || (await secrets.key.problem()) === null;
  const hash = await readFiles(reading.sources, ({ path }, bytes) => {
    const text = Buffer.from(bytes).toString('utf8');
    const shown = host.redact(text);
    if (shown === text) return;
    const name = MARK.exec(shown)?.[1];
    const what = name === undefined || text.includes(`[secret:${name}]`) ? 'a secret' : `the secret ${name}`;
    throw new AppError('bundle.holds_secret', `${path} holds ${what}: the bundle was not exported.`, {
      hint: 'Write {{ secrets.NAME }} in its place, or move it to the file .env, which is never exported.',
      details: { file: path, ...(name === undefined ? {} : { secret: name }) },
    });
  });
  if (hash === reading.contentHash) return { contentHash: hash, looked };
  throw new AppError('bundle.changed', 'The files were changed while they were read.', { hint: 'Export it again.' });
}
