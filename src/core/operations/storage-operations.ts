import type { OperationName } from '../../shared/contract/index.ts';
import type { HandlersOf } from './handlers.ts';
import { noteMadeHere } from './project-origin.ts';
import type { ProjectSession } from './project-session.ts';

/** The use cases of the room that a project takes (SPEC §9). */
export function storageHandlers({
  storage,
  store,
  engine,
  clock,
  trust,
  userDataDir,
}: ProjectSession): HandlersOf<Extract<OperationName, `storage.${string}`>> {
  return {
    'storage.show': () => storage.report(),
    'storage.plan': ({ days }) => storage.plan(days),
    'storage.cleanup': ({ days, agrees }, actor) => storage.cleanup(actor, { agrees, days }),
    'storage.setRetention': async (wanted) => {
      await storage.setRetention(wanted);
      return null;
    },
    'storage.pins': () => store.sizes.pins(),
    'storage.pin': ({ runId, isPinned }, actor) => {
      // In the words of the engine, where there is no such run.
      if (store.runs.runNo(runId) === null) engine.stateOf(runId);
      if (isPinned) store.sizes.pin(runId, actor.id, clock.now());
      else store.sizes.unpin(runId);
      storage.changed();
      return null;
    },
    'storage.backups': () => storage.backups.report(),
    'storage.backUp': () => storage.backups.make(),
    'storage.drill': () => storage.backups.drill(),
    'storage.restore': async ({ path, backup }) => {
      const restored = await storage.backups.restore(path, backup ?? null);
      // What comes out of a backup of one's own is one's own.
      if (trust.origin === 'here') await noteMadeHere(restored.path, userDataDir);
      return restored;
    },
  };
}
