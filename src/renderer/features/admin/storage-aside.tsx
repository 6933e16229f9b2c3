import { CircleDollarSign, Pin, PinOff, Play } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { PinnedRun, StorageReport } from '../../../shared/model/storage.ts';
import { call } from '../../client/bridge.ts';
import { pinnedRuns, pinRun } from '../../client/pinned-runs.tsx';
import { useOwnQuery, useQuery } from '../../client/use-query.ts';
import { Button } from '../../ui/button.tsx';
import { Field, TextInput } from '../../ui/field.tsx';
import { formatMoment } from '../../ui/format.ts';
import { Icon } from '../../ui/icon.tsx';
import { runLink } from '../../ui/links.ts';
import { ErrorNote } from '../../ui/notes.tsx';
import { TimeAgo } from '../../ui/time.tsx';
import { useNow } from '../../ui/use-now.ts';
import { CleanupDialog } from './cleanup-dialog.tsx';
import { CleanupPreview } from './cleanup-preview.tsx';
import { RetentionDialog } from './retention-dialog.tsx';
import { storageNow } from './storage-store.ts';

const MAX_DAYS = 36_500;

/** How long things stay, what would go at an age that is tried, and what stays whatever its age. */
export function StorageAside({ report }: { readonly report: StorageReport }) {
  const { t } = useTranslation('storage');
  const [written, setWritten] = useState(String(report.retention.runs));
  const [isAsking, setIsAsking] = useState(false);
  const days = /^\d{1,5}$/.test(written.trim()) ? Number(written) : null;
  const isGood = days !== null && days <= MAX_DAYS;
  useEffect(() => pinnedRuns.open(null), []);
  const pins = useQuery(pinnedRuns).value;
  const { data: planned, refresh } = useOwnQuery(
    { ask: (of: number) => call('storage.plan', { days: of }), settleMs: 300 },
    isGood ? days : null,
    report,
  );
  const plan = isGood ? planned.value : null;
  const isNothing = plan !== null && plan.runs + plan.deliveries + plan.auditEvents === 0;
  const refusal = isGood ? (plan === null ? t('looking') : isNothing ? t('nothing') : null) : t('daysBad');
  const unpin = async (runId: string): Promise<void> => {
    if (await pinRun(runId, false)) refresh();
  };
  return (
    <aside className="storage-side" aria-labelledby="storage-stay">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keys */}
      <section className="scroll" aria-labelledby="storage-stay" tabIndex={0}>
        <Stay report={report} />
        <div className="admin-block sep">
          <Field id="storage-days" label={t('older')} error={isGood ? null : t('daysBad')}>
            <TextInput
              id="storage-days"
              inputMode="numeric"
              maxLength={5}
              value={written}
              isBad={!isGood}
              {...(isGood ? {} : { 'aria-describedby': 'storage-days-help' })}
              after={<span className="muted sm">{t('daysUnit')}</span>}
              onChange={(event) => setWritten(event.target.value)}
            />
          </Field>
          {isGood && planned.status === 'error' ? (
            <ErrorNote className="mt-2" error={planned.error} onRetry={refresh} />
          ) : null}
          <CleanupPreview plan={plan} />
        </div>
        <div className="admin-block sep">
          <h3>{t('staysTitle')}</h3>
          <ul className="see sm">
            <li>
              <Icon of={Pin} />
              {pins === null || pins.length > 0 ? t('pinnedRuns', { count: pins?.length ?? 0 }) : t('pinnedNone')}
            </li>
            {plan === null ? null : (
              <li>
                <Icon of={Play} />
                {t('open', { count: plan.open })}
              </li>
            )}
            <li>
              <Icon of={CircleDollarSign} />
              {t('costs')}
            </li>
          </ul>
          <p className="sm muted storage-back">{t('back')}</p>
          {pins === null || pins.length === 0 ? null : (
            <ul className="key-list sm" aria-label={t('pinnedList')}>
              {pins.map((one) => (
                <Pinned key={one.runId} one={one} onLetGo={() => void unpin(one.runId)} />
              ))}
            </ul>
          )}
        </div>
      </section>
      <footer className="access-foot">
        <span className="grow" />
        <Button variant="danger" needs="storage.cleanup" reason={refusal} onClick={() => setIsAsking(true)}>
          {t('remove')}
        </Button>
      </footer>
      {isAsking && plan !== null ? (
        <CleanupDialog
          plan={plan}
          report={report}
          onClose={() => setIsAsking(false)}
          onDone={() => void storageNow.refresh()}
        />
      ) : null}
    </aside>
  );
}

function Stay({ report }: { readonly report: StorageReport }) {
  const { t } = useTranslation('storage');
  const { retention, isAgreed, cleanedAt } = report;
  const [isChanging, setIsChanging] = useState(false);
  return (
    <div className="admin-block">
      <div className="head">
        <h2 id="storage-stay">{t('stay')}</h2>
        <span className="grow" />
        <Button needs="storage.setRetention" onClick={() => setIsChanging(true)}>
          {t('keep.open')}
        </Button>
      </div>
      <dl className="kv storage-kv">
        <dt>{t('stayRuns')}</dt>
        <dd>{t('days', { count: retention.runs })}</dd>
        <dt>{t('stayDeliveries')}</dt>
        <dd>{t('days', { count: retention.deliveries })}</dd>
        <dt>{t('stayQueue')}</dt>
        <dd>{t('days', { count: retention.queue })}</dd>
        <dt>{t('stayAudit')}</dt>
        <dd>{t('days', { count: retention.audit })}</dd>
        <dt>{t('stayRest')}</dt>
        <dd>{t('always')}</dd>
      </dl>
      <p className="sm muted">
        {t(isAgreed ? 'agreed' : 'notAgreed')}
        {cleanedAt === null ? null : (
          <>
            {' '}
            {t('cleanedAt')}: <TimeAgo at={cleanedAt} />
          </>
        )}
      </p>
      {isChanging ? <RetentionDialog retention={retention} onClose={() => setIsChanging(false)} /> : null}
    </div>
  );
}

function Pinned({ one, onLetGo }: { readonly one: PinnedRun; readonly onLetGo: () => void }) {
  const { t } = useTranslation('storage');
  const now = useNow(60_000);
  const when = formatMoment(one.createdAt, now);
  return (
    <li>
      <span className="grow">
        <Link className="plain block cut" to={runLink(one.runId)}>
          {one.workflowName}
        </Link>
        <span className="muted block cut">
          {when} {t('pinnedBy', { who: one.by })}
        </span>
      </span>
      <Button
        icon={PinOff}
        needs="storage.pin"
        aria-label={t('unpinNamed', { name: one.workflowName, when })}
        onClick={onLetGo}
      >
        {t('unpin')}
      </Button>
    </li>
  );
}
