import type { OperationName } from '../../shared/contract/index.ts';
import type { HandlersOf } from './handlers.ts';
import type { ProjectSession } from './project-session.ts';

type CostOperation = Extract<OperationName, `costs.${string}`>;

/** The use cases of what models have cost (SPEC §11). */
export function costHandlers({ store }: ProjectSession): HandlersOf<CostOperation> {
  return {
    'costs.summary': (filter) => store.costs.summary(filter),
    'costs.records': ({ limit, cursor, ...filter }) => store.costs.records(filter, limit, cursor),
  };
}
