import type { OperationName } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import type { RunSummary } from '../../shared/model/run.ts';
import { runMetrics } from '../metrics/index.ts';
import type { HandlersOf } from './handlers.ts';
import type { ProjectSession } from './project-session.ts';

/** The use cases of metrics (SPEC §10). */
export function metricsHandlers(session: ProjectSession): HandlersOf<Extract<OperationName, `metrics.${string}`>> {
  const { metrics, store, clock, engine } = session;
  return {
    'metrics.show': async () => ({ statistics: await metrics.statistics(), serving: metrics.serving }),
    'metrics.run': ({ runId }) => {
      engine.stateOf(runId);
      return runMetrics(store.runs.find(runId) as RunSummary, store.journal.readRun(runId), clock.now());
    },
    'metrics.export': async ({ format }) => ({ text: await metrics.exportAs(format) }),
    'metrics.listen': async ({ host, port }) => {
      if (!metrics.serving.isHosting)
        throw new AppError('lease.held', 'The process that has this project open serves no metrics.', {
          hint: "Start them with 'aiworkflow metrics start'.",
        });
      await metrics.listenAt({ ...(host === undefined ? {} : { host }), ...(port === undefined ? {} : { port }) });
      return metrics.serving;
    },
  };
}
