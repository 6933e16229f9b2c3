import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { AppError } from '../../shared/errors.ts';
import type { TrustState } from '../../shared/model/trust.ts';
import type { RunnableVersion } from '../engine/index.ts';
import type { ProjectSession } from './project-session.ts';

type Trusting = Pick<ProjectSession, 'trust' | 'paths'>;

/** How a version of a workflow stands: what was made here is trusted without a question, what came from outside by its content alone. */
export function trustStateOf({ trust, paths }: Trusting, path: string, contentHash: string): TrustState {
  const subject = trust.subject(path);
  if (subject === null) return hasMovedFrom(contentHash, { trust, paths }) ? 'untrusted' : 'own';
  if (subject.outside === null) return 'own';
  if (subject.accepted === null) return 'untrusted';
  return subject.accepted.contentHash === contentHash ? 'trusted' : 'changed';
}

/** Something from outside that nobody accepted and that is not where it was put: it was given another name. */
const hasMovedFrom = (contentHash: string, { trust, paths }: Trusting): boolean =>
  trust
    .subjects()
    .some(
      ([path, { outside, accepted }]) =>
        outside?.contentHash === contentHash &&
        accepted?.contentHash !== contentHash &&
        !existsSync(resolve(paths.project, path)),
    );

/** A version may run, or this says what to do. Throws `trust.needed`. */
export function requireTrusted(
  session: Trusting,
  {
    hash,
    workflowPath,
    workflow,
  }: Pick<RunnableVersion, 'hash' | 'workflowPath'> & { readonly workflow: { readonly name: string } },
): void {
  const state = trustStateOf(session, workflowPath, hash);
  if (state === 'own' || state === 'trusted') return;
  throw trustNeeded(workflow.name, workflowPath, state === 'changed');
}

/** The same for a version by its hash alone: one that was accepted, was until a newer one is proven, or has a trigger pinned to it. Throws `trust.needed`. */
export function requireAccepted({ trust }: Trusting, path: string, hash: string): void {
  const subject = trust.subject(path);
  if (subject === null || subject.outside === null) return;
  if ([subject.accepted, subject.before].some((one) => one?.contentHash === hash) || trust.isPinned(path, hash)) return;
  throw trustNeeded(path, path, false);
}

/** What ran before was trusted then; this is whether somebody has taken that back. Throws `trust.needed`. */
export function requireNotWithdrawn({ trust }: Trusting, path: string): void {
  const subject = trust.subject(path);
  if (subject !== null && subject.outside !== null && subject.accepted === null) throw trustNeeded(path, path, false);
}

const trustNeeded = (name: string, path: string, isChanged: boolean): AppError =>
  new AppError(
    'trust.needed',
    isChanged
      ? `${name} was changed since somebody trusted it: it does not run as it is now.`
      : `${name} came from outside and nobody has trusted it yet: it does not run.`,
    { hint: 'Look at what it could do, and trust it if that is what you want.', details: { path } },
  );
