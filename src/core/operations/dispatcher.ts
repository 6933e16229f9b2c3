import {
  isOperationName,
  OPERATIONS,
  type Operation,
  type OperationName,
  type WireAnswer,
} from '../../shared/contract/index.ts';
import { inputWords } from '../../shared/contract/input-words.ts';
import { AppError, toErrorRecord } from '../../shared/errors.ts';
import { type Caller, type Identity, unknownActor } from '../../shared/model/access.ts';
import type { Actor } from '../../shared/model/run.ts';
import { withoutSigns } from '../governance/index.ts';
import { translateStoreError } from '../storage/index.ts';
import { type Act, doAudited, type LookAtState, orAuditDenial, type WriteAudit } from './audited-acts.ts';
import type { Handler, Handlers } from './handlers.ts';

import type { SignInStorm } from './sign-in-storm.ts';

const MAX_DEPTH = 64;

/** What a dispatcher is made of. `onBug` hears what was thrown that is not an `AppError`; the caller only hears that it failed. */
export interface DispatcherOptions {
  readonly handlers: Partial<Handlers>;
  /** Who somebody is and what he may do; throws for a credential that is not good. Asked for every call. */
  readonly identify: (caller: Caller) => Promise<Identity> | Identity;
  readonly onBug: (error: unknown) => void;
  /** Null where no project is open: nothing can be changed there. */
  readonly audit: WriteAudit | null;
  /** How that stands which an act changes, for the audit. Default: nobody knows. */
  readonly look?: LookAtState;
  /** Counts wrong passwords where there are too many to write each down. Default: each is. */
  readonly storm?: SignInStorm;
}

/**
 * The one way from every door to a use case: name, parse, permission, audit, use case (DESIGN §3). Never rejects: an answer carries the
 * value or the error's record.
 */
export async function dispatch(
  options: DispatcherOptions,
  name: string,
  given: unknown,
  caller: Caller,
): Promise<WireAnswer> {
  try {
    if (!isOperationName(name))
      throw new AppError('contract.unknown_operation', 'There is no such operation.', {
        details: { name: name.slice(0, 100) },
      });
    const input = parseInput(name, given);
    const { actor, permissions, session } = await check(options, name, { input, caller });
    const handler = options.handlers[name] as Handler<OperationName> | undefined;
    if (handler === undefined)
      throw new AppError('contract.unknown_operation', 'This operation needs an open project.', { details: { name } });
    const act: Act = { name, input, actor, from: caller.from, session };
    const { audit: write, look = () => null, storm = null } = options;
    const value = await doAudited(act, { write, look, storm }, () => handler(input as never, actor, permissions));
    const { showsRuns }: Operation = OPERATIONS[name];
    return { ok: true, value: showsRuns === true ? withoutSigns(value) : value };
  } catch (thrown) {
    const error = translateStoreError(thrown);
    if (!(error instanceof AppError)) options.onBug(error);
    return { ok: false, error: toErrorRecord(error) };
  }
}

/** The one place where it is decided who may do what (SPEC §12.1). Throws `access.denied`. */
async function check(
  { identify, audit }: DispatcherOptions,
  operation: OperationName,
  { input, caller }: { readonly input: unknown; readonly caller: Caller },
): Promise<Identity> {
  const { permission, alsoNeeds }: Operation = OPERATIONS[operation];
  const { kind, id, door, credential } = caller;
  const host: Actor = { kind, id, door };
  if (permission === null) return { actor: host, permissions: new Set() };
  // A credential that is not good says of nobody who asks: least of all of the user that runs the app.
  const who = credential === undefined ? host : unknownActor(door);
  const asked: Act = { name: operation, input, actor: who, from: caller.from };
  const identity = await orAuditDenial(asked, audit, async () => identify(caller));
  const missing = [permission, ...(alsoNeeds?.(input) ?? [])].find((one) => !identity.permissions.has(one));
  if (missing === undefined) return identity;
  const { actor } = identity;
  const message = `User ${actor.id} does not have permission ${missing}`;
  return orAuditDenial({ ...asked, actor, session: identity.session }, audit, () => {
    throw new AppError('access.denied', message, {
      hint: 'Ask an admin of this project for a role that has it.',
      details: { user: actor.id, permission: missing, operation },
    });
  });
}

function parseInput(name: OperationName, input: unknown): unknown {
  if (depthOf(input, 0) > MAX_DEPTH)
    throw new AppError('contract.invalid_input', `The input of ${name} is nested too deeply.`);
  const result = OPERATIONS[name].input.safeParse(input, { error: inputWords });
  if (result.success) return result.data;
  const problems = result.error.issues
    .slice(0, 20)
    .map((issue) => ({ name: issue.path.join('.'), message: issue.message }));
  const first = problems[0];
  const where = first === undefined || first.name === '' ? '' : ` '${first.name}'`;
  throw new AppError(
    'contract.invalid_input',
    `The input${where} of ${name} is not valid: ${first?.message ?? 'unknown'}`,
    { details: { problems } },
  );
}

function depthOf(value: unknown, depth: number): number {
  if (depth > MAX_DEPTH || value === null || typeof value !== 'object') return depth;
  let deepest = depth;
  for (const one of Object.values(value)) deepest = Math.max(deepest, depthOf(one, depth + 1));
  return deepest;
}
