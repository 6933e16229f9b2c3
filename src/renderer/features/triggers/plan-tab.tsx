import { CircleCheck, CircleX, Clock, type LucideIcon, TriangleAlert } from 'lucide-react';
import { Fragment } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type {
  ClockChange,
  Foreseen,
  ForeseenFire,
  LiveEvent,
  TriggerDetail,
  UnattendedCheck,
  UnattendedChoice,
} from '../../../shared/contract/index.ts';
import { call } from '../../client/bridge.ts';
import { useOwnQuery } from '../../client/use-query.ts';
import { Button } from '../../ui/button.tsx';
import { formatDuration, formatLongDay, formatRelative, formatShownDay, ownZone } from '../../ui/format.ts';
import { Icon } from '../../ui/icon.tsx';
import { adminSecretLink, agentLink, editTriggerLink, workflowLink } from '../../ui/links.ts';
import { ErrorNote, Note } from '../../ui/notes.tsx';
import { Said } from '../../ui/said.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { useNow } from '../../ui/use-now.ts';

/** What changes may stop a run that nothing stopped before. */
const LOOKED_AT: ReadonlySet<LiveEvent['kind']> = new Set([
  ...(['agents', 'tools', 'library', 'secrets', 'costs', 'access'] as const),
]);

/** The next starts of a schedule in its zone and in this one, and what would stop a run with nobody here. */
export function PlanTab({ trigger }: { readonly trigger: TriggerDetail }) {
  const { key, definitionHash, status } = trigger;
  const { data, refresh } = useOwnQuery(
    {
      ask: (name: string) => call('schedules.foresee', { trigger: name, otherTimezone: ownZone() }),
      // A login, a tool, a limit or the workflow may be another by now.
      dueOn: ({ kind }) => (LOOKED_AT.has(kind) ? 'soon' : null),
      soonMs: 1_000,
    },
    key,
    `${definitionHash} ${status}`,
  );
  if (data.value === null)
    return data.status === 'error' ? (
      <ErrorNote className="m-4" error={data.error} onRetry={refresh} />
    ) : (
      <SkeletonRows rows={8} columns={[40, 20, 20]} />
    );
  return (
    <div className="plan-cols">
      <Fires plan={data.value} />
      <Checks checks={data.value.checks} about={{ workflow: trigger.workflowId, triggerKey: key }} onAgain={refresh} />
    </div>
  );
}

/** `New York` of `America/New_York`. */
const placeOf = (zone: string): string => zone.slice(zone.lastIndexOf('/') + 1).replaceAll('_', ' ');

/** The next starts, each as the clocks of both zones show it. */
export function Fires({ plan: { fires, timezone, otherTimezone } }: { readonly plan: Foreseen }) {
  const { t } = useTranslation('triggers');
  const now = useNow(60_000);
  const hasOther = timezone !== otherTimezone;
  const last = fires.at(-1);
  return (
    <section className="plan-fires" aria-labelledby="fires-title">
      <div className="head">
        <h2 id="fires-title">{t('plan.next', { count: fires.length })}</h2>
        <span className="grow" />
        {last === undefined ? null : (
          <span className="sm muted">{t('plan.until', { when: formatLongDay(last.at, now) })}</span>
        )}
      </div>
      {last === undefined ? (
        <p className="muted">{t('plan.never')}</p>
      ) : (
        <table className="inset">
          <thead>
            <tr>
              <th scope="col">{t('plan.day')}</th>
              <th scope="col" className="num" title={timezone}>
                {placeOf(timezone)}
              </th>
              {hasOther ? (
                <th scope="col" className="num" title={otherTimezone}>
                  {t('plan.you', { zone: placeOf(otherTimezone) })}
                </th>
              ) : null}
              <th scope="col" className="num">
                <span className="sr">{t('plan.how')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {fires.map((fire, at) => (
              <Fragment key={fire.at}>
                {fire.changes.map((change) => (
                  <ChangeRow key={`${change.zone} ${change.at}`} change={change} columns={hasOther ? 4 : 3} />
                ))}
                <FireRow fire={fire} hasOther={hasOther} isNear={at < 2} now={now} />
              </Fragment>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

interface FireRowProps {
  readonly fire: ForeseenFire;
  readonly hasOther: boolean;
  readonly isNear: boolean;
  readonly now: number;
}

function FireRow({ fire: { at, shown, otherShown, isExcluded }, hasOther, isNear, now }: FireRowProps) {
  const { t } = useTranslation('triggers');
  const clock = (text: string): string => text.slice(11);
  return (
    <tr>
      <td>{formatShownDay(shown)}</td>
      <td className={hasOther ? 'num' : 'num strong'}>{clock(shown)}</td>
      {hasOther ? (
        <td className="num strong">
          {otherShown.slice(0, 10) === shown.slice(0, 10) ? null : (
            <span className="muted">{formatShownDay(otherShown)} </span>
          )}
          {clock(otherShown)}
        </td>
      ) : null}
      <td className="num muted">{isExcluded ? t('plan.excluded') : isNear ? formatRelative(at, now) : null}</td>
    </tr>
  );
}

function ChangeRow({
  change: { zone, at, movedMs },
  columns,
}: {
  readonly change: ClockChange;
  readonly columns: number;
}) {
  const { t } = useTranslation('triggers');
  const now = useNow(60_000);
  return (
    <tr className="clock-change">
      <td colSpan={columns}>
        <Icon of={Clock} small />{' '}
        {t(movedMs > 0 ? 'plan.forward' : 'plan.back', {
          day: formatLongDay(at, now),
          zone,
          by: formatDuration(Math.abs(movedMs)),
        })}
      </td>
    </tr>
  );
}

const LEVELS: Readonly<Record<UnattendedCheck['level'], { readonly icon: LucideIcon; readonly tone: string }>> = {
  stops: { icon: CircleX, tone: 'st-failed' },
  watch: { icon: TriangleAlert, tone: 'st-waiting' },
  fine: { icon: CircleCheck, tone: 'st-success' },
};
const ORDER = ['stops', 'watch', 'fine'] as const;

/** What a run with nobody here needs, the worst first. */
export function Checks({
  checks,
  about = {},
  onAgain,
}: {
  readonly checks: readonly UnattendedCheck[];
  /** What is looked at: without it, nothing leads there. */
  readonly about?: CheckedStart;
  readonly onAgain: () => void;
}) {
  const { t } = useTranslation('triggers');
  const sorted = ORDER.flatMap((level) => checks.filter((check) => check.level === level));
  const count = (level: UnattendedCheck['level']): number => checks.filter((check) => check.level === level).length;
  const stops = count('stops');
  const worst = stops > 0 ? 'stops' : count('watch') > 0 ? 'watch' : 'fine';
  return (
    <section className="plan-checks" aria-labelledby="checks-title">
      <div className="head">
        <h2 id="checks-title">{t('plan.alone')}</h2>
        <span className="grow" />
        <Button variant="ghost" onClick={onAgain}>
          {t('plan.again')}
        </Button>
      </div>
      <Note
        tone={worst === 'stops' ? 'failed' : worst === 'watch' ? 'waiting' : 'plain'}
        icon={LEVELS[worst].icon}
        role="status"
      >
        <b className="strong">{t(`plan.verdict.${worst}`)}</b>{' '}
        {t('plan.counts', { stops, watch: count('watch'), fine: count('fine') })}
      </Note>
      <ul className="plan-list">
        {sorted.map(({ name, level, detail, choice }) => (
          <li key={name}>
            <span className={`status ${LEVELS[level].tone}`}>
              <Icon of={LEVELS[level].icon} />
              <span className="sr">{t(`plan.level.${level}`)}</span>
            </span>
            <div>
              <span className="strong">{t(`plan.check.${name}`)}</span>
              <p className={level === 'fine' ? 'sm muted' : 'sm'}>
                <Said text={detail} />
              </p>
              <Choice choice={choice} about={about} />
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The workflow and the trigger that checks are about. */
interface CheckedStart {
  readonly workflow?: string;
  readonly triggerKey?: string;
}

/** Leads to where a person mends what was found. */
function Choice({ choice, about }: { readonly choice: UnattendedChoice | undefined; readonly about: CheckedStart }) {
  const { t } = useTranslation('unattended');
  const to = choice === undefined ? null : addressOf(choice, about);
  if (choice === undefined || to === null) return null;
  return (
    <Link className="sm" to={to}>
      {t(`choice.${choice.to}`)}
    </Link>
  );
}

function addressOf({ to, name }: UnattendedChoice, { workflow, triggerKey }: CheckedStart): string | null {
  switch (to) {
    case 'secrets':
      return adminSecretLink(name);
    case 'agents':
      return name === null ? '/agents' : agentLink(name);
    case 'tools':
      return '/agents?tab=tools';
    case 'costs':
      return '/costs';
    case 'workflow':
      return workflow === undefined ? null : workflowLink(workflow);
    case 'trigger':
      return triggerKey === undefined ? null : editTriggerLink(triggerKey);
  }
}
