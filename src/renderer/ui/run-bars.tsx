import type { MouseEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import type { Outcome, RunStatus } from '../../shared/model/run.ts';
import { statusKey, statusTone } from './status.tsx';

export interface RunBar {
  readonly runId: string;
  readonly status: RunStatus;
  readonly outcome: Outcome | null;
}

const linkTo = (runId: string): string => `/runs/${encodeURIComponent(runId)}`;

/**
 * The last runs as bars, oldest first; `runs` is newest first, as the library gives it. One link to the newest run; a
 * pointer that hits a bar opens that run (bars alone are too small to be targets of their own).
 */
export function RunBars({ runs }: { readonly runs: readonly RunBar[] }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const newest = runs[0];
  if (newest === undefined) return null;
  const completed = runs.filter((run) => run.status === 'completed').length;
  const openHit = (event: MouseEvent): void => {
    const runId = (event.target as HTMLElement).dataset.runId;
    if (runId === undefined || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    void navigate(linkTo(runId));
  };
  return (
    <Link
      to={linkTo(newest.runId)}
      className="spark"
      onClick={openHit}
      aria-label={t('everywhere:bars.summary', { count: runs.length, completed })}
      title={t('everywhere:bars.summary', { count: runs.length, completed })}
    >
      {[...runs].reverse().map((run) => {
        const tone = statusTone(run.status, run.outcome);
        return (
          <i
            key={run.runId}
            data-run-id={run.runId}
            className={`f-${tone === 'paused' ? 'skipped' : tone}`}
            title={t('everywhere:bars.run', { status: t(statusKey(run.status, run.outcome)), runId: run.runId })}
          />
        );
      })}
      <span className="sm muted">{t('everywhere:bars.completed', { completed, count: runs.length })}</span>
    </Link>
  );
}
