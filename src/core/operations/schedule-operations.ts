import type { ScheduleOperationName } from '../../shared/contract/index.ts';
import { readCalendar } from './calendar.ts';
import { foresee } from './foresee.ts';
import type { HandlersOf } from './handlers.ts';
import type { ProjectSession } from './project-session.ts';

/** The use cases of what is planned (SPEC §7.1). */
export function scheduleHandlers(session: ProjectSession): HandlersOf<ScheduleOperationName> {
  return {
    'schedules.foresee': (input) => foresee(session, input),
    'triggers.calendar': async (input) => {
      await session.triggers.registry.refresh();
      return readCalendar(session, input);
    },
  };
}
