import type { TFunction } from 'i18next';
import { CircleCheck, CircleX, Info, type LucideIcon, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DoctorCheck, DoctorReport } from '../../shared/contract/index.ts';
import { call } from '../client/bridge.ts';
import { useOwnQuery } from '../client/use-query.ts';
import { Button } from '../ui/button.tsx';
import { classNames } from '../ui/class-names.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Icon } from '../ui/icon.tsx';
import { ErrorNote } from '../ui/notes.tsx';
import { Said } from '../ui/said.tsx';
import { SkeletonRows } from '../ui/skeleton.tsx';
import { worded } from '../ui/worded.ts';

const MARKS: Readonly<Record<DoctorCheck['status'], { readonly icon: LucideIcon; readonly tone: string }>> = {
  ok: { icon: CircleCheck, tone: 'st-success' },
  warning: { icon: TriangleAlert, tone: 'st-waiting' },
  error: { icon: CircleX, tone: 'st-failed' },
  info: { icon: Info, tone: 'st-skipped' },
};

function CheckRow({ check }: { readonly check: DoctorCheck }) {
  const { t } = useTranslation('shell');
  const mark = MARKS[check.status];
  return (
    <li className="flex gap-3 border-b border-border py-2">
      <span className={classNames('status w-24 flex-none', mark.tone)}>
        <Icon of={mark.icon} />
        {t(`doctor.status.${check.status}`)}
      </span>
      <span className="grow">
        <span className="strong">{t(`doctor.check.${check.name}`, { defaultValue: check.name })}</span>{' '}
        <span className="muted">{worded(check.value)}</span>
        {check.message === '' ? null : (
          <p className="sm muted">
            <Said text={check.message} />
          </p>
        )}
      </span>
    </li>
  );
}

/** Nothing is called well that has a warning below. */
function verdictOf({ healthy, issues }: DoctorReport, t: TFunction<'shell'>): string {
  if (issues.length === 0) return t('doctor.healthy');
  return t(healthy ? 'doctor.warnings' : 'doctor.issues', { count: issues.length });
}

/** Each press is a work of its own. */
interface Work {
  readonly fix: boolean;
  readonly turn: number;
}

/** What the app needs on this machine, and what of it is missing. */
export function DoctorDialog({ isOpen, onClose }: { readonly isOpen: boolean; readonly onClose: () => void }) {
  const { t } = useTranslation('shell');
  const [work, setWork] = useState<Work>({ fix: false, turn: 0 });
  const { data: report } = useOwnQuery(
    { ask: (key: string) => call(key.startsWith('fix') ? 'doctor.fix' : 'doctor.run', {}) },
    isOpen ? `${work.fix ? 'fix' : 'look'} ${work.turn}` : null,
  );
  const run = (fix: boolean): void => setWork(({ turn }) => ({ fix, turn: turn + 1 }));
  const value = report.value;
  const verdict = value === null ? '' : verdictOf(value, t);
  const footer = (
    <>
      <Button onClick={() => run(false)}>{t('doctor.again')}</Button>
      {value === null || value.healthy ? null : (
        <Button needs="doctor.fix" onClick={() => run(true)}>
          {t('doctor.fix')}
        </Button>
      )}
    </>
  );
  return (
    <Dialog
      isOpen={isOpen}
      onClose={onClose}
      title={t('doctor.title')}
      description={t('doctor.text')}
      footer={footer}
      width="38rem"
    >
      {report.status === 'error' ? <ErrorNote error={report.error} onRetry={() => run(false)} /> : null}
      <p className="strong" role="status">
        {report.status === 'loading' && value === null ? <span className="sr">{t('doctor.busy')}</span> : verdict}
      </p>
      {value === null ? (
        report.status === 'loading' ? (
          <SkeletonRows rows={5} columns={[40, 70]} />
        ) : null
      ) : (
        <ul className="mt-2">
          {value.checks.map((check) => (
            // A check may say more than one thing.
            <CheckRow key={`${check.name} ${check.value} ${check.message}`} check={check} />
          ))}
        </ul>
      )}
    </Dialog>
  );
}
