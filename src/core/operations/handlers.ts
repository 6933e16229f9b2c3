import type { OperationName, OutputOf, ParsedInputOf } from '../../shared/contract/index.ts';
import type { Identity } from '../../shared/model/access.ts';
import type { Actor } from '../../shared/model/run.ts';

/**
 * A use case: parsed input and the actor in, with what he may do, the contract's output out; failures are thrown as `AppError`. Whether he
 * may do this has been looked at before.
 */
export type Handler<N extends OperationName> = (
  input: ParsedInputOf<N>,
  actor: Actor,
  permissions: Identity['permissions'],
) => Promise<OutputOf<N>> | OutputOf<N>;

/** The use cases of one feature. */
export type HandlersOf<N extends OperationName> = { readonly [K in N]: Handler<K> };
export type Handlers = HandlersOf<OperationName>;
