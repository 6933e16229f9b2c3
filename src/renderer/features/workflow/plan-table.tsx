import { CircleDashed, TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Json } from '../../../shared/json.ts';
import { isOpenInput, type PlannedRow } from '../../../shared/model/plan.ts';
import { Chip } from '../../ui/chip.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Note } from '../../ui/notes.tsx';
import { saidPlainly } from '../../ui/said.tsx';

/** The tree of a plan: what each step would be given, and what of it only the run can tell. */
export function PlanTable({ rows }: { readonly rows: readonly PlannedRow[] }) {
  const { t } = useTranslation('workflow');
  return (
    <table className="inset table-fixed">
      <colgroup>
        <col className="w-[38%]" />
        <col />
      </colgroup>
      <thead>
        <tr>
          <th scope="col">{t('plan.step')}</th>
          <th scope="col">{t('plan.given')}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Line key={row.path} row={row} />
        ))}
      </tbody>
    </table>
  );
}

function Line({ row }: { readonly row: PlannedRow }) {
  const { t } = useTranslation('workflow');
  const { path, depth, name, action, agent, turns, reached, effect, problem } = row;
  return (
    <tr className={reached === 'no' ? 'muted' : undefined}>
      <td className="!whitespace-normal py-1 align-top" style={{ paddingLeft: `${depth * 1.25}rem` }}>
        <span title={path}>{name}</span> <Turns turns={turns} /> <Reach reached={reached} />
        <span className="block sm muted mono cut" title={action}>
          {action}
          {agent === null ? null : ` · ${agent.name}${agent.model === null ? '' : ` ${agent.model}`}`}
        </span>
        {effect === 'effect' && reached !== 'no' ? <span className="sm">{t('plan.effect')}</span> : null}
      </td>
      <td className="!whitespace-normal py-1 align-top">
        {problem === null ? null : (
          <Note tone="failed" icon={TriangleAlert}>
            {t('plan.problem', { problem: saidPlainly(problem) })}
          </Note>
        )}
        <Given row={row} />
      </td>
    </tr>
  );
}

function Turns({ turns }: Pick<PlannedRow, 'turns'>) {
  const { t } = useTranslation('workflow');
  if (turns === null) return null;
  const { low, high } = turns;
  const words =
    high === null
      ? t('plan.manyTurns')
      : low === high
        ? t('plan.turns', { count: high })
        : t('plan.upTo', { count: high });
  return <span className="muted">{words}</span>;
}

function Reach({ reached }: Pick<PlannedRow, 'reached'>) {
  const { t } = useTranslation('workflow');
  return reached === 'yes' ? null : <Chip>{t(`plan.reached.${reached}`)}</Chip>;
}

const shown = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** Arguments by name; what is not known says so and shows how it is written. */
function Given({ row: { inputs, unknown } }: { readonly row: PlannedRow }) {
  const { t } = useTranslation('workflow');
  const entries = Object.entries(inputs);
  if (entries.length === 0) return null;
  return (
    <dl className="kv sm">
      {entries.map(([key, value]) => (
        <div key={key} className="contents">
          <dt className="mono">{key}</dt>
          <dd className={isOpenInput(unknown, key) ? 'muted' : undefined}>
            {isOpenInput(unknown, key) ? (
              <span className="inline-flex items-center gap-1">
                <Icon of={CircleDashed} small /> {t('plan.unknown')}
              </span>
            ) : null}{' '}
            <span className="mono plan-value" title={shown(value)}>
              {shown(value)}
            </span>
          </dd>
        </div>
      ))}
    </dl>
  );
}
