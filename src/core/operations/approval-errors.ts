import { AppError } from '../../shared/errors.ts';
import type { ApprovalStatus } from '../../shared/model/approval.ts';

/** A request that nobody can decide about any more. */
export const notPending = (status: ApprovalStatus): AppError =>
  new AppError('approval.not_pending', `Request is not pending: ${status}`, {
    hint: 'Somebody may have decided already: look at it again.',
  });

/** A decision about something else than what was shown. */
export const changedSinceShown = (): AppError =>
  new AppError('approval.changed', 'What would be done has changed since you looked at it.', {
    hint: 'Open the request again and decide about what it shows now.',
  });
