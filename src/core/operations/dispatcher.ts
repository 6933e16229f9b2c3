import {
  isOperationName,
  OPERATIONS,
  type OperationName,
  type Permission,
  type WireAnswer,
} from '../../shared/contract/index.ts';
import { AppError, toErrorRecord } from '../../shared/errors.ts';
import type { Actor } from '../../shared/model/run.ts';
import { translateStoreError } from '../storage/index.ts';
import type { Handler, Handlers } from './handlers.ts';

const MAX_DEPTH = 64;

/** Decides whether an actor may do what needs a permission; throws `access.denied`. Called for every operation. */
export type Authorize = (actor: Actor, permission: Permission) => void;

/** Until users exist the OS user may do all (DESIGN decision 11). */
export const allowOsUser: Authorize = (actor) => {
  if (actor.kind === 'user') return;
  throw new AppError('access.denied', `User ${actor.id} does not have permission for this operation.`);
};

/** What a dispatcher is made of. `onBug` hears what was thrown that is not an `AppError`; the caller only hears that it failed. */
export interface DispatcherOptions {
  readonly handlers: Partial<Handlers>;
  readonly authorize: Authorize;
  readonly onBug: (error: unknown) => void;
}

/**
 * The one way from every door to a use case: name, parse, permission, use case (DESIGN §3). Never rejects: an answer carries the
 * value or the error's record.
 */
export async function dispatch(
  options: DispatcherOptions,
  name: string,
  input: unknown,
  actor: Actor,
): Promise<WireAnswer> {
  try {
    if (!isOperationName(name))
      throw new AppError('contract.unknown_operation', 'There is no such operation.', {
        details: { name: name.slice(0, 100) },
      });
    const parsed = parseInput(name, input);
    options.authorize(actor, OPERATIONS[name].permission);
    const handler = options.handlers[name] as Handler<OperationName> | undefined;
    if (handler === undefined)
      throw new AppError('contract.unknown_operation', 'This operation needs an open project.', { details: { name } });
    return { ok: true, value: await handler(parsed as never, actor) };
  } catch (thrown) {
    const error = translateStoreError(thrown);
    if (!(error instanceof AppError)) options.onBug(error);
    return { ok: false, error: toErrorRecord(error) };
  }
}

function parseInput(name: OperationName, input: unknown): unknown {
  if (depthOf(input, 0) > MAX_DEPTH)
    throw new AppError('contract.invalid_input', `The input of ${name} is nested too deeply.`);
  const result = OPERATIONS[name].input.safeParse(input);
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
