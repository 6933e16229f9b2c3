import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Outcome, RunStatus } from '../../shared/model/run.ts';
import { classNames } from './class-names.ts';
import { statusKey, statusTone } from './status.tsx';

export interface RunBar {
  readonly runId: string;
  readonly status: RunStatus;
  readonly outcome: Outcome | null;
}

/** The last runs as bars, oldest first; each leads to its run. `runs` is newest first, as the library gives it. */
export function RunBars({ runs }: { readonly runs: readonly RunBar[] }) {
  const { t } = useTranslation();
  const bars = [...runs].reverse();
  const completed = runs.filter((run) => run.status === 'completed').length;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a group of small links, not a form
    <span className="spark" role="group" aria-label={t('common:bars.summary', { count: runs.length, completed })}>
      {bars.map((run) => {
        const word = t(statusKey(run.status, run.outcome));
        const tone = statusTone(run.status, run.outcome);
        const fill = tone === 'paused' ? 'skipped' : tone;
        return (
          <Link
            key={run.runId}
            to={`/runs/${encodeURIComponent(run.runId)}`}
            className={classNames(`f-${fill}`)}
            title={`${word}, ${run.runId}`}
            aria-label={t('common:bars.run', { status: word, runId: run.runId })}
          />
        );
      })}
    </span>
  );
}
