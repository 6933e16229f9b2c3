import { useTranslation } from 'react-i18next';
import { create } from 'zustand';
import type { MissedWhileClosed } from '../../shared/contract/index.ts';
import { nextMorning } from '../../shared/next-morning.ts';
import { call } from '../client/bridge.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { formatMoment } from '../ui/format.ts';
import { useNow } from '../ui/use-now.ts';

interface Leaving {
  readonly missed: MissedWhileClosed;
  readonly until: number;
  readonly answer: (isLeaving: boolean) => void;
}

/** The question that stands open; null = none. */
const useLeaving = create<{ readonly asked: Leaving | null }>()(() => ({ asked: null }));

/** What leaving the project would leave out; null where nothing starts by itself here, or where nobody can say. */
async function missedUntil(until: number): Promise<MissedWhileClosed | null> {
  try {
    const { isHosting } = await call('app.tray', {});
    if (!isHosting) return null;
    const missed = await call('triggers.missed', { until });
    return missed.count === 0 && missed.unheard.length === 0 ? null : missed;
  } catch {
    // Nobody is kept in a project because it does not answer.
    return null;
  }
}

/** Whether the project may be left: where its triggers would miss something, a person is asked. */
export async function askToLeave(): Promise<boolean> {
  const until = nextMorning(Date.now());
  const missed = await missedUntil(until);
  if (missed === null) return true;
  return new Promise((resolve) => {
    useLeaving.getState().asked?.answer(false);
    const answer = (isLeaving: boolean): void => {
      useLeaving.setState({ asked: null });
      resolve(isLeaving);
    };
    useLeaving.setState({ asked: { missed, until, answer } });
  });
}

/** True while that question stands open: what asked for another project waits behind it. */
export const useIsAskedToLeave = (): boolean => useLeaving(({ asked }) => asked !== null);

/** What would be missed while the project is closed, before it is closed. */
export function LeaveDialog() {
  const { asked } = useLeaving();
  return asked === null ? null : <OpenLeaveDialog {...asked} />;
}

function OpenLeaveDialog({ missed: { starts, count, unheard }, until, answer }: Leaving) {
  const { t } = useTranslation('leave');
  const now = useNow(60_000);
  return (
    <Dialog
      isOpen
      onClose={() => answer(false)}
      width="38rem"
      title={t('title')}
      description={t('text')}
      footer={
        <>
          <Button onClick={() => answer(false)}>{t('stay')}</Button>
          <Button variant="danger" onClick={() => answer(true)}>
            {t('act')}
          </Button>
        </>
      }
    >
      <h3 className="strong">
        {t('missed', { when: formatMoment(until, now) })} <span className="muted">{count}</span>
      </h3>
      <table className="inset" aria-label={t('name')}>
        <thead className="sr">
          <tr>
            <th scope="col">{t('workflow')}</th>
            <th scope="col">{t('starts')}</th>
            <th scope="col">{t('after')}</th>
          </tr>
        </thead>
        <tbody>
          {starts.map((row) => (
            <tr key={row.key}>
              <td>{row.workflowName}</td>
              <td>{t('next', { count: row.count, when: formatMoment(row.first, now) })}</td>
              <td className="sm muted">{t(`catchUp.${row.catchUp}`)}</td>
            </tr>
          ))}
          {unheard.map((row) => (
            <tr key={row.key}>
              <td>{row.workflowName}</td>
              <td>{t(`triggers:kind.${row.kind}`)}</td>
              <td className="sm muted">{t(`unheard.${row.kind}`)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {starts.length === 0 ? <p className="sm muted">{t('none')}</p> : null}
    </Dialog>
  );
}
