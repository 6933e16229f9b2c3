import type { OperationName } from '../../shared/contract/index.ts';
import type { HandlersOf } from './handlers.ts';
import type { ProjectSession } from './project-session.ts';
import { ownerOf } from './trigger-owner.ts';

type WatchOperation = Extract<OperationName, `watches.${string}`>;

/** The use cases of file watches that run (SPEC §7.2). */
export function watchHandlers(session: ProjectSession): HandlersOf<WatchOperation> {
  const { registry, watches } = session.triggers;
  return {
    'watches.list': () => ({ watches: watches.list() }),
    'watches.open': async (input, actor) => watches.open(await ownerOf(session, input.workflow), input, actor.id),
    'watches.close': async ({ trigger }) => {
      await watches.close(trigger);
      return null;
    },
    'watches.answer': async ({ trigger, answer }) => {
      await watches.part.answer(registry.find(trigger).trigger.key, answer);
      return null;
    },
  };
}
