import type { OperationName, OutputOf, ParsedInputOf } from '../../shared/contract/index.ts';
import type { Actor } from '../../shared/model/run.ts';

/** A use case: parsed input and the actor in, the contract's output out; failures are thrown as `AppError`. */
export type Handler<N extends OperationName> = (
  input: ParsedInputOf<N>,
  actor: Actor,
) => Promise<OutputOf<N>> | OutputOf<N>;

/** The use cases of one feature. */
export type HandlersOf<N extends OperationName> = { readonly [K in N]: Handler<K> };
export type Handlers = HandlersOf<OperationName>;
