import {
  Bookmark,
  Bot,
  FileText,
  GitFork,
  Lock,
  type LucideIcon,
  RefreshCw,
  Repeat,
  ShieldCheck,
  Split,
  SquareCheck,
  Timer,
  Undo2,
  Workflow,
  Wrench,
} from 'lucide-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Step, StepKind } from '../../../shared/model/workflow.ts';
import { Chip } from '../../ui/chip.tsx';
import { Icon } from '../../ui/icon.tsx';
import { type StepRow, toStepRows } from './step-rows.ts';

const ICONS: Readonly<Record<Exclude<StepKind, 'action'>, LucideIcon>> = {
  for_each: Repeat,
  parallel: GitFork,
  if: Split,
  switch: Split,
  while: RefreshCw,
  try: ShieldCheck,
  workflow: Workflow,
  wait: Timer,
  approval: SquareCheck,
  transaction: Lock,
  savepoint: Bookmark,
  rollback_to: Undo2,
};

function iconOf(step: Step): LucideIcon {
  if (step.kind !== 'action') return ICONS[step.kind];
  if (step.action?.startsWith('agent.') === true) return Bot;
  return step.action?.startsWith('workflow.') === true ? FileText : Wrench;
}

function Condition({ row }: { readonly row: Extract<StepRow, { kind: 'step' }> }) {
  const { t } = useTranslation('workflow');
  if (row.condition === null) return null;
  const key = row.step.kind === 'while' || row.step.kind === 'switch' ? row.step.kind : 'if';
  return <span className="muted">{t(`what.${key}`, { condition: row.condition })}</span>;
}

function Line({ row }: { readonly row: StepRow }) {
  const { t } = useTranslation('workflow');
  const indent = { paddingLeft: `${row.depth * 1.5}rem` };
  if (row.kind === 'group')
    return (
      <tr>
        <td colSpan={2} className="!h-7 sm muted" style={indent}>
          {t(`what.group.${row.word}`, { name: row.name })}{' '}
          {row.condition === null ? null : t('what.if', { condition: row.condition })}
        </td>
      </tr>
    );
  const { step } = row;
  return (
    <tr>
      <td style={indent} className="!whitespace-normal py-1">
        <div className="flex gap-2">
          <span className="muted min-w-4 flex-none">{row.number}</span>
          <span className="min-w-0">
            <span title={step.description === '' ? undefined : step.description}>{step.name}</span>{' '}
            <Condition row={row} />{' '}
            {row.atOnce === null ? null : <span className="muted">{t('what.atOnce', { count: row.atOnce })}</span>}{' '}
            {step.enabled ? null : <Chip>{t('what.disabled')}</Chip>}
          </span>
        </div>
      </td>
      <td className="muted">
        <span className="inline-flex max-w-full items-center gap-1.5 align-top">
          <Icon of={iconOf(step)} small />
          <span className="mono cut" title={step.action}>
            {step.action ?? step.kind}
          </span>
        </span>
      </td>
    </tr>
  );
}

/** The steps as a numbered tree. */
export function StepList({ steps }: { readonly steps: readonly Step[] }) {
  const { t } = useTranslation('workflow');
  const rows = useMemo(() => toStepRows(steps), [steps]);
  if (rows.length === 0) return <p className="muted">{t('what.noSteps')}</p>;
  return (
    <table className="inset table-fixed">
      <colgroup>
        <col />
        <col className="w-[40%]" />
      </colgroup>
      <thead>
        <tr>
          <th scope="col">{t('what.step')}</th>
          <th scope="col">{t('what.action')}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Line key={row.key} row={row} />
        ))}
      </tbody>
    </table>
  );
}
