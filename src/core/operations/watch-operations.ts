import type { OperationName } from '../../shared/contract/index.ts';
import type { HandlersOf } from './handlers.ts';
import type { ProjectSession } from './project-session.ts';

type WatchOperation = Extract<OperationName, `watches.${string}`>;

/** The use cases of file watches that run (SPEC §7.2). */
export function watchHandlers({ triggers }: ProjectSession): HandlersOf<WatchOperation> {
  return {
    'watches.list': () => ({
      watches: triggers.watches.part.list().map(({ triggerKey, root, state }) => ({ triggerKey, root, ...state })),
    }),
    'watches.answer': async ({ trigger, answer }) => {
      await triggers.watches.part.answer(triggers.registry.find(trigger).trigger.key, answer);
      return null;
    },
  };
}
