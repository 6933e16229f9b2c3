import type { OperationName, ParsedInputOf } from '../../shared/contract/index.ts';
import type { JsonMap } from '../../shared/json.ts';
import { readAuditType } from '../../shared/model/audit.ts';
import type { AuditFilter } from '../storage/index.ts';
import type { HandlersOf } from './handlers.ts';
import type { ProjectSession } from './project-session.ts';
import { evidenceLines, startRequests } from './run-evidence.ts';

type Wanted = Omit<ParsedInputOf<'audit.query'>, 'limit' | 'offset' | 'before'>;

/** The use cases of the audit (SPEC §12.3). Who reads it stands in it before he reads. */
export function auditHandlers(session: ProjectSession): HandlersOf<Extract<OperationName, `audit.${string}`>> {
  const { audit } = session;
  return {
    'audit.query': ({ limit, offset, before, ...wanted }, actor) => {
      audit.noteReading(actor, 'audit.query', wanted as JsonMap);
      return audit.query(filterOf(wanted), { limit, offset, before });
    },
    'audit.verify': async (_input, actor) => {
      audit.noteReading(actor, 'audit.verify', {});
      return { ...(await audit.verify()), months: audit.months() };
    },
    'audit.export': (input, actor) => {
      if ('cursor' in input) return audit.continueExport(input.cursor);
      const { format, ...wanted } = input;
      audit.noteAccess(actor, 'audit.export', input as JsonMap);
      return audit.beginExport({ filter: filterOf(wanted), format });
    },
    'audit.evidence': ({ runId }, actor) => {
      session.engine.stateOf(runId);
      audit.noteAccess(actor, 'audit.evidence', { run: runId });
      const others = [
        ...startRequests(session, runId).map(({ id }) => ({ resourceType: 'approval', resourceId: id })),
        { resourceType: 'cost', resourceId: runId },
      ];
      return audit.beginEvidence({ runId, others }, (rows, chain) =>
        evidenceLines({ session, runId, rows, chain }, actor),
      );
    },
    'audit.deleteBefore': ({ before }, actor) => audit.deleteBefore(before, actor),
  };
}

const filterOf = ({
  eventType,
  userId,
  resourceType,
  resourceId,
  door,
  startTime,
  endTime,
  success,
  text,
}: Wanted): AuditFilter => ({
  eventType: eventType === undefined ? undefined : (readAuditType(eventType) ?? undefined),
  userId,
  resourceType,
  resourceId,
  door,
  since: startTime,
  until: endTime,
  success,
  text: text === '' ? undefined : text,
});
