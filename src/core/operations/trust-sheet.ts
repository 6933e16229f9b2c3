import { join, relative, sep } from 'node:path';
import type { TrustSheet } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import { type BundleReading, readBundle } from '../bundles/index.ts';
import {
  compareTrust,
  readTree,
  readTrust,
  type Signing,
  signerFindings,
  signerWord,
  type TrustVersion,
} from '../trust/index.ts';
import type { ProjectSession } from './project-session.ts';
import { trustStateOf } from './trust-gate.ts';

/** What a sheet is about: a version, and the path of the library at which it stands or would stand. */
export interface SheetSubject {
  readonly path: string;
  readonly reading: BundleReading;
  /** What stands at the path now, for a bundle that is about to take its place. */
  readonly installed?: BundleReading | null;
  /** It is about to come from outside: who signed it, null = nobody. Absent: it stands in the library. */
  readonly signer?: string | null;
}

/**
 * What a version could do, against the one that is accepted, else against the one that is installed. Reading starts no process and sends
 * nothing. Errors: `bundle.changed`, `file.*`.
 */
export async function trustSheet(session: ProjectSession, subject: SheetSubject): Promise<TrustSheet> {
  const { path, reading, installed = null } = subject;
  const { accepted = null } = session.trust.subject(path) ?? {};
  const archived = accepted === null ? null : await readArchived(session, accepted.contentHash, reading);
  const before = archived ?? installed;
  const now = await versionOf(reading);
  const signing = signingOf(session, subject);
  const older = before === null ? null : await versionOf(before).catch(() => null);
  const compared = compareTrust(now, older, signing === null ? [] : signerFindings(signing));
  return {
    of: 'workflow',
    name: reading.reading?.workflow.name ?? reading.config.name,
    version: now.label,
    contentHash: reading.contentHash,
    state: trustStateOf(session, path, reading.contentHash),
    files: reading.files.length,
    sizeBytes: reading.sizeBytes,
    against:
      before === null
        ? null
        : {
            versionLabel: labelOf(before),
            contentHash: before.contentHash,
            ...(archived === null || accepted === null ? {} : { by: accepted.by, at: accepted.at }),
          },
    armedTriggers: session.triggers.registry.armed().filter(({ workflowPath }) => workflowPath === path).length,
    signer: signing === null || signing.signer === null ? null : signerWord(signing.signer),
    ...compared,
  };
}

/** Who signed it, against whom was accepted; null = it was made here, which nobody signs. */
function signingOf({ trust }: ProjectSession, { path, reading, signer: arriving }: SheetSubject): Signing | null {
  const known = trust.subject(path);
  const outside = known?.outside ?? null;
  if (arriving === undefined && outside === null) return null;
  const installed = outside?.contentHash === reading.contentHash ? (outside.signer ?? null) : null;
  const signer = arriving === undefined ? installed : arriving;
  const elsewhere = trust
    .subjects()
    .flatMap(([other, subject]) => (other !== path && signer !== null && subject.signer === signer ? [other] : []));
  return { signer, pinned: known?.signer, elsewhere };
}

const labelOf = ({ reading, config }: BundleReading): string => reading?.workflow.version ?? config.version;

async function versionOf(reading: BundleReading): Promise<TrustVersion> {
  const files = await readTree(reading);
  return {
    label: labelOf(reading),
    workflow: reading.reading?.workflow ?? null,
    workflowFile: inner(reading),
    files,
    trust: readTrust(reading, files),
  };
}

/** A lone file stands as `workflow.md` in its version. */
function inner({ kind, path, workflowFile }: BundleReading): string | null {
  if (workflowFile === null) return null;
  return kind === 'file' ? 'workflow.md' : relative(path, workflowFile).split(sep).join('/');
}

/** The kept copy of a version; null = it is gone. */
const readArchived = (
  { paths }: ProjectSession,
  hash: string,
  { config }: BundleReading,
): Promise<BundleReading | null> =>
  readBundle(join(paths.archivesDir, hash), { folderName: config.name }).catch(() => null);

/** Every serious finding was read. Throws `trust.unread`. */
export function requireRead({ findings }: Pick<TrustSheet, 'findings'>, read: readonly string[]): void {
  const unread = findings.filter(({ severity, id }) => severity === 'high' && !read.includes(id));
  const first = unread[0];
  if (first === undefined) return;
  throw new AppError('trust.unread', `${unread.length} findings are not read yet: ${first.title}`, {
    hint: 'Read each serious finding, then say so.',
    details: { findings: unread.map(({ id }) => id) },
  });
}
