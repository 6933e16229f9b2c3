import {
  BadgeInfo,
  Bot,
  Equal,
  Eye,
  Globe,
  KeyRound,
  type LucideIcon,
  Minus,
  Pencil,
  Plus,
  SlidersHorizontal,
  SquareCheckBig,
  Terminal,
  TriangleAlert,
  Workflow,
  Wrench,
  Zap,
} from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { TrustSheet } from '../../../shared/contract/index.ts';
import type { CapabilityKind, CapabilityMark, CapabilityRow, Finding } from '../../../shared/model/trust.ts';
import { Icon } from '../icon.tsx';
import { worded } from '../worded.ts';

const KINDS: Readonly<Record<CapabilityKind, LucideIcon>> = {
  runs: Terminal,
  asks: SquareCheckBig,
  reaches: Globe,
  reads: Eye,
  writes: Pencil,
  environment: SlidersHorizontal,
  secrets: KeyRound,
  tools: Wrench,
  agents: Bot,
  workflows: Workflow,
  declares: BadgeInfo,
  starts: Zap,
};
const MARKS: Readonly<Record<CapabilityMark, LucideIcon>> = { new: Plus, changed: Pencil, same: Equal, gone: Minus };

interface TrustTableProps {
  readonly of: TrustSheet['of'];
  readonly rows: readonly CapabilityRow[];
  readonly findings: readonly Finding[];
  /** The version that it is held against; null = none. */
  readonly against: string | null;
}

/** What a bundle could do, one line a thing; what is about a finding leads there. */
export function TrustTable({ of, rows, findings, against }: TrustTableProps) {
  const { t } = useTranslation('trust');
  return (
    <table className="trust-table">
      <thead>
        <tr>
          <th>{t(of === 'project' ? 'column.folder' : 'column.kind')}</th>
          {against === null ? null : <th>{t('column.mark', { version: against })}</th>}
          <th>{t('column.what')}</th>
          <th>{t('column.for')}</th>
          <th className="num">{t('column.finding')}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row, index) => {
          const isFirst = rows[index - 1]?.kind !== row.kind;
          return (
            <tr key={`${row.kind} ${row.name}`} className={`${row.mark}${isFirst ? ' first' : ''}`}>
              <td>
                {isFirst ? (
                  <span className="lead strong">
                    <Icon of={KINDS[row.kind]} /> {t(`kind.${row.kind}`)}
                  </span>
                ) : (
                  <span className="sr">{t(`kind.${row.kind}`)}</span>
                )}
              </td>
              {against === null ? null : (
                <td>
                  <span className="mark">
                    <Icon of={MARKS[row.mark]} /> {t(`mark.${row.mark}`)}
                  </span>
                </td>
              )}
              <td className="name mono sm">{row.name}</td>
              <td className="purpose">
                {purposeWords(row.purpose)}
                {row.source === 'code' ? <span className="muted"> · {t('readFromCode')}</span> : null}
              </td>
              <td className="num">
                <FindingLinks numbers={row.findings} findings={findings} />
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

const SHOWN_LINKS = 3;

function FindingLinks({
  numbers,
  findings,
}: {
  readonly numbers: readonly number[];
  readonly findings: readonly Finding[];
}) {
  const { t } = useTranslation('trust');
  return (
    <>
      {numbers.slice(0, SHOWN_LINKS).map((number) => (
        <button
          key={number}
          type="button"
          className={`finding-link ${toneOf(findings[number - 1])}`}
          aria-label={t('finding', { number })}
          onClick={() => document.getElementById(`finding-${number}`)?.scrollIntoView({ block: 'nearest' })}
        >
          <Icon of={TriangleAlert} /> {number}
        </button>
      ))}
      {numbers.length > SHOWN_LINKS ? <span className="muted">+{numbers.length - SHOWN_LINKS}</span> : null}
    </>
  );
}

/** What it is for, of each place that needs it; ends with ` …` where there are more. */
const purposeWords = (purpose: string): string =>
  purpose
    .split(/(; | …$)/)
    .map(worded)
    .join('');

/** The colour of how serious a finding is. */
export const toneOf = (finding: Finding | undefined): string =>
  finding?.severity === 'high' ? 'st-failed' : 'st-waiting';
