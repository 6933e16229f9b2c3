import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { FoundPlace, FoundRun } from '../../../shared/model/run-search.ts';
import { useQuery } from '../../client/use-query.ts';
import { Button } from '../../ui/button.tsx';
import { formatCount } from '../../ui/format.ts';
import { foundLink, runLink } from '../../ui/links.ts';
import { ErrorNote } from '../../ui/notes.tsx';
import { Status } from '../../ui/status.tsx';
import { TimeAgo } from '../../ui/time.tsx';
import { showError } from '../../ui/toasts.tsx';
import { type Found, findMore, foundRuns } from './found-store.ts';

/** Where the text that is searched for stands in what runs were given, gave and printed. */
export function FoundPanel() {
  const { t } = useTranslation('runs');
  const found = useQuery(foundRuns);
  if (found.status === 'error')
    return <ErrorNote className="found-error" error={found.error} onRetry={() => void foundRuns.refresh()} />;
  if (found.value === null)
    return (
      <p className="found-busy muted sm" role="status">
        {t('found.busy')}
      </p>
    );
  const { runs, nextCursor, index } = found.value;
  if (runs.length === 0 && nextCursor === null && index.state === 'ready' && index.cutValues === 0) return null;
  return (
    <section className="found" aria-label={t('found.title')}>
      <header className="row">
        <h2>{t('found.title')}</h2>
        <IndexNote index={index} />
      </header>
      <ol>
        {runs.map((one) => (
          <FoundIn key={one.run.runId} found={one} />
        ))}
      </ol>
      {nextCursor === null ? null : <More />}
    </section>
  );
}

function IndexNote({ index: { state, waiting, cutValues } }: { readonly index: Found['index'] }) {
  const { t } = useTranslation('runs');
  return (
    <p className="muted sm" role="status">
      {[
        ...(state === 'ready' ? [] : [t('found.filling', { count: waiting, value: formatCount(waiting) })]),
        ...(cutValues === 0 ? [] : [t('found.cut', { count: cutValues, value: formatCount(cutValues) })]),
      ].join(' ')}
    </p>
  );
}

function FoundIn({ found: { run, places, isMore } }: { readonly found: FoundRun }) {
  const { t } = useTranslation('runs');
  return (
    <li>
      <p className="row">
        <Link className="plain strong cut" to={runLink(run.runId)} title={run.runId}>
          {run.workflowName}
        </Link>
        <Status status={run.status} outcome={run.outcome} />
        <TimeAgo at={run.startedAt ?? run.createdAt} />
      </p>
      <ul>
        {places.map((place) => (
          <li key={`${place.field} ${place.path} ${place.line} ${place.at} ${place.before}`}>
            <Place runId={run.runId} place={place} />
          </li>
        ))}
        {isMore ? <li className="muted sm">{t('found.moreInRun')}</li> : null}
      </ul>
    </li>
  );
}

function Place({ runId, place }: { readonly runId: string; readonly place: FoundPlace }) {
  const { t } = useTranslation('runs');
  const { field, path, line, before, found, after } = place;
  const where = line === null ? (path ?? t('found.ofRun')) : t('found.line', { path, line: formatCount(line) });
  return (
    <Link className="plain place" to={foundLink(runId, place)}>
      <span className="muted sm cut" title={where}>
        {t(`found.field.${field}`)} · {where}
      </span>
      <span className="mono cut">
        {before}
        <mark>{found}</mark>
        {after}
      </span>
    </Link>
  );
}

function More() {
  const { t } = useTranslation('runs');
  const [isBusy, setBusy] = useState(false);
  const go = (): void => {
    setBusy(true);
    findMore()
      .catch(showError)
      .finally(() => setBusy(false));
  };
  return (
    <Button onClick={go} reason={isBusy ? t('found.busy') : null}>
      {t('found.more')}
    </Button>
  );
}
