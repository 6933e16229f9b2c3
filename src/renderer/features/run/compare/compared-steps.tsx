import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Json } from '../../../../shared/json.ts';
import type {
  ComparedRun,
  ComparedStep,
  RunComparison,
  StepTrail,
  ValueChange,
} from '../../../../shared/model/comparison.ts';
import { formatDuration, formatMoment } from '../../../ui/format.ts';
import { runLink } from '../../../ui/links.ts';
import { Said } from '../../../ui/said.tsx';
import { Status } from '../../../ui/status.tsx';
import { useNow } from '../../../ui/use-now.ts';

/** The steps of two runs in one table; the first that differs is marked and open. */
export function ComparedSteps({ comparison }: { readonly comparison: RunComparison }) {
  const { t } = useTranslation('compare');
  const { before, after, steps, first } = comparison;
  return (
    <table className="compare-table">
      <thead>
        <tr>
          <th scope="col">{t('step')}</th>
          <th scope="col">
            <RunHead run={before} />
          </th>
          <th scope="col">
            <RunHead run={after} />
          </th>
          <th scope="col">{t('difference')}</th>
        </tr>
      </thead>
      <tbody>
        {steps.map((step) => (
          <StepRow key={step.path} step={step} isFirst={step.path === first} />
        ))}
      </tbody>
    </table>
  );
}

function RunHead({ run }: { readonly run: ComparedRun }) {
  const now = useNow(60_000);
  const { runId, createdAt, status, outcome, workedMs, versionHash } = run;
  return (
    <span className="block">
      <Link to={runLink(runId)}>{formatMoment(createdAt, now)}</Link> <Status status={status} outcome={outcome} />
      <span className="block muted sm">
        {formatDuration(workedMs)} <span className="mono">{versionHash.slice(0, 7)}</span>
      </span>
    </span>
  );
}

function StepRow({ step, isFirst }: { readonly step: ComparedStep; readonly isFirst: boolean }) {
  const { t } = useTranslation('compare');
  const { path, before, after, differs } = step;
  const known = after ?? before;
  return (
    <>
      <tr className={isFirst ? 'first-difference' : undefined} data-step={path}>
        <th scope="row" className="cut" title={path}>
          {known?.name} <span className="mono muted sm">{known?.action}</span>
        </th>
        <td>
          <Side trail={before} />
        </td>
        <td>
          <Side trail={after} />
        </td>
        <td className="!whitespace-normal py-1">
          {isFirst ? <b className="block text-accent">{t('first')}</b> : null}
          <span className={isFirst ? undefined : 'muted'}>{differs.map((one) => t(`differs.${one}`)).join(', ')}</span>
        </td>
      </tr>
      {isFirst ? <Evidence step={step} /> : null}
    </>
  );
}

function Side({ trail }: { readonly trail: StepTrail | null }) {
  const { t } = useTranslation('compare');
  if (trail === null) return <span className="muted">{t('notReached')}</span>;
  return (
    <span className="inline-flex items-center gap-2">
      <Status status={trail.status} />
      {trail.durationMs === null ? null : <span className="num">{formatDuration(trail.durationMs)}</span>}
    </span>
  );
}

/** What the first step that differs was given and gave, on either side. */
function Evidence({ step: { before, after, inputs, output } }: { readonly step: ComparedStep }) {
  const { t } = useTranslation('compare');
  const errors = [before?.error, after?.error];
  return (
    <tr className="first-difference">
      <td colSpan={4}>
        <Changes name={t('input')} changes={inputs} />
        <Changes name={t('output')} changes={output} />
        {errors.some((one) => one != null) ? (
          <dl className="kv sm">
            <dt>{t('earlier')}</dt>
            <dd>
              <Said text={errors[0]?.message ?? t('noError')} />
            </dd>
            <dt>{t('later')}</dt>
            <dd>
              <Said text={errors[1]?.message ?? t('noError')} />
            </dd>
          </dl>
        ) : null}
      </td>
    </tr>
  );
}

function Changes({ name, changes }: { readonly name: string; readonly changes: readonly ValueChange[] }) {
  const { t } = useTranslation('compare');
  if (changes.length === 0) return null;
  return (
    <section aria-label={name} className="mb-2">
      <h2 className="sm">{name}</h2>
      <dl className="kv sm">
        {changes.map(({ at, before, after }) => (
          <div key={at} className="contents">
            <dt className="mono">{at === '' ? t('whole') : at.slice(1)}</dt>
            <dd className="compare-change">
              <del>{shown(before)}</del> <ins>{shown(after)}</ins>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

const shown = (value: Json | undefined): string =>
  value === undefined ? '∅' : typeof value === 'string' ? value : JSON.stringify(value);
