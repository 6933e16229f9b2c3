import { Bot, CircleCheck, CloudAlert, HeartPulse, TriangleAlert, Unplug, Zap } from 'lucide-react';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { appInfo } from '../../client/app-state.ts';
import { triggerList } from '../../client/trigger-queries.ts';
import { useQuery } from '../../client/use-query.ts';
import { formatCount, formatMoment } from '../../ui/format.ts';
import { Icon } from '../../ui/icon.tsx';
import { useNow } from '../../ui/use-now.ts';
import { agentHealth, dayCalendar } from './today-store.ts';

/** How the parts are that runs need: who serves the triggers, the agents. */
export function HealthStrip() {
  const { t } = useTranslation('today');
  useEffect(() => agentHealth.open(null), []);
  return (
    <ul className="health" aria-label={t('health.label')}>
      <Served />
      <Agents />
      <Armed />
      <Synced />
    </ul>
  );
}

function Served() {
  const { t } = useTranslation('today');
  const now = useNow(60_000);
  const list = useQuery(triggerList).value;
  const last = useQuery(dayCalendar).value?.periods.at(-1);
  if (list === null) return null;
  const since = last?.kind === 'on' && last.until === null ? last.from : null;
  return (
    <li>
      <Icon of={HeartPulse} small />
      <span className="muted">{t('health.engine')}</span>
      {list.isHosting ? (
        <>
          {since === null ? null : (
            <span className="strong">{t('health.onSince', { when: formatMoment(since, now) })}</span>
          )}
          <span className="status st-success">
            <Icon of={CircleCheck} />
            {t('health.well')}
          </span>
        </>
      ) : (
        <span className="status st-waiting">
          <Icon of={Unplug} />
          {t('health.off')}
        </span>
      )}
    </li>
  );
}

/** Those that can be used; what was never checked is not called ill. */
function Agents() {
  const { t } = useTranslation('today');
  const agents = useQuery(agentHealth).value?.filter(({ isAvailable, isInstalled }) => isAvailable && isInstalled);
  if (agents === undefined || agents.length === 0) return null;
  const ill = agents.filter(({ health }) => health.lastCheck !== null && !health.isHealthy);
  return (
    <li>
      <Icon of={Bot} small />
      <Link className="plain muted" to="/agents">
        {t('health.agents')}
      </Link>
      <span className="strong">
        {t('health.agentsOf', { well: formatCount(agents.length - ill.length), all: formatCount(agents.length) })}
      </span>
      <span className={ill.length === 0 ? 'status st-success' : 'status st-waiting'}>
        <Icon of={ill.length === 0 ? CircleCheck : TriangleAlert} />
        {ill[0] === undefined ? t('health.agentsWell') : t('health.agentsIll', { name: ill[0].name })}
      </span>
    </li>
  );
}

function Armed() {
  const { t } = useTranslation('today');
  const triggers = useQuery(triggerList).value?.triggers ?? [];
  if (triggers.length === 0) return null;
  const armed = triggers.filter(({ status }) => status === 'armed').length;
  return (
    <li>
      <Icon of={Zap} small />
      <Link className="plain muted" to="/triggers">
        {t('health.armed')}
      </Link>
      <span className="strong">
        {t('health.armedOf', { armed: formatCount(armed), all: formatCount(triggers.length) })}
      </span>
    </li>
  );
}

/** A database that another program copies while it is written breaks. */
function Synced() {
  const { t } = useTranslation('today');
  const syncedBy = useQuery(appInfo).value?.syncedBy ?? null;
  if (syncedBy === null) return null;
  return (
    <li>
      <Icon of={CloudAlert} small />
      <Link className="plain muted" to="/admin?tab=storage">
        {t('health.folder')}
      </Link>
      <span className="status st-waiting" title={t('health.syncedText')}>
        <Icon of={TriangleAlert} />
        {t('health.synced', { name: syncedBy })}
      </span>
    </li>
  );
}
