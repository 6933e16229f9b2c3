import type { AppError, ErrorRecord } from '../../shared/errors.ts';

const CODES: ReadonlySet<string> = new Set([
  'secret.locked',
  'secret.keychain_locked',
  'secret.wrong_passphrase',
  'secret.no_keychain',
  'secret.key_missing',
  'secret.key_changed',
]);

/**
 * The key of the secrets is not at hand, so nothing was called: the step has not failed. The run waits for a person, and goes on when the
 * key is there (SPEC §12.4).
 */
export const isKeyAway = ({ code }: Pick<AppError | ErrorRecord, 'code'>): boolean => CODES.has(code);

/** A limit of spending has no room for a call: the run is parked until it is raised (SPEC §11). */
export const isBudgetFull = ({ code }: Pick<AppError | ErrorRecord, 'code'>): boolean => code === 'cost.paused';

/** An agent was stopped that got no further: the run is parked until somebody has looked (SPEC §11). */
const isStuck = ({ code }: Pick<AppError | ErrorRecord, 'code'>): boolean => code === 'agent.no_progress';

/** The message of the run may be another worker's: nothing more is begun for it here (SPEC §8). */
const isWorkAway = ({ code }: Pick<AppError | ErrorRecord, 'code'>): boolean =>
  code === 'queue.lease_lost' || code === 'queue.lease_unsure';

/** A call that an agent asks for is none of the plan that the run follows: a person looks first (SPEC §13). */
const isOffPlan = ({ code }: Pick<AppError | ErrorRecord, 'code'>): boolean => code === 'run.left_plan';

/** The run rests and a person is asked, where nothing was done that would be done again. */
export const asksPerson = (error: Pick<AppError | ErrorRecord, 'code'>): boolean =>
  isBudgetFull(error) || isStuck(error) || isWorkAway(error) || isOffPlan(error);
