import { CircleX, TriangleAlert } from 'lucide-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { NamesHere, OutlineStep } from '../../../../shared/contract/index.ts';
import type { Diagnostic } from '../../../../shared/model/diagnostic.ts';
import { Icon } from '../../../ui/icon.tsx';
import { OptionList } from '../../../ui/option-list.tsx';
import { PaneHead } from '../../../ui/page.tsx';
import { TimeAgo } from '../../../ui/time.tsx';
import { type OutlineRow, outlineRows, rowAt } from './outline-rows.ts';

const ROW_PX = 28;

interface SidePaneProps {
  readonly outline: readonly OutlineStep[];
  readonly diagnostics: readonly Diagnostic[];
  /** Where the cursor is, 1-based. */
  readonly line: number;
  readonly names: NamesHere | null;
  /** Puts the cursor on a line; the focus stays in the list. */
  readonly onGo: (line: number) => void;
  /** The text is to have the focus. */
  readonly onEnter: () => void;
}

/** Beside the text: its steps, and what may be used where the cursor is. */
export function SidePane({ outline, diagnostics, line, names, onGo, onEnter }: SidePaneProps) {
  const { t } = useTranslation('workflow');
  const rows = useMemo(() => outlineRows(outline, diagnostics), [outline, diagnostics]);
  const chosen = rows[rowAt(rows, line)]?.key ?? '';
  return (
    <aside className="editor-side" aria-label={t('outline.side')}>
      <PaneHead title={t('outline.title')} count={rows.length} />
      {rows.length === 0 ? <p className="muted sm">{t('outline.none')}</p> : null}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: Enter in the list goes on in the text */}
      <div
        className="editor-outline"
        onKeyDown={(event) => {
          if (event.key !== 'Enter') return;
          event.preventDefault();
          onEnter();
        }}
      >
        <OptionList
          label={t('outline.title')}
          options={rows}
          keyOf={(row) => row.key}
          chosen={chosen}
          onChoose={(key) => onGo(rows[Number(key)]?.line ?? 1)}
          rowHeight={ROW_PX}
          className="grow"
        >
          {(row) => <OutlineEntry row={row} />}
        </OptionList>
      </div>
      <PaneHead title={t('outline.names')} />
      {names === null ? null : <Names {...names} />}
    </aside>
  );
}

function OutlineEntry({ row }: { readonly row: OutlineRow }) {
  const { t } = useTranslation('workflow');
  return (
    <span className="flex h-full min-w-0 items-center gap-2 px-2" style={{ paddingLeft: `${row.depth + 0.5}rem` }}>
      <span className="muted sm flex-none">{row.number}</span>
      <span className="grow cut" title={row.name}>
        {row.name}
      </span>
      {row.errors === 0 ? null : (
        <span className="st-failed flex items-center gap-1" title={t('outline.errors', { count: row.errors })}>
          <Icon of={CircleX} small />
          <span aria-hidden="true">{row.errors}</span>
          <span className="sr">{t('outline.errors', { count: row.errors })}</span>
        </span>
      )}
      {row.warnings === 0 ? null : (
        <span className="st-waiting flex items-center gap-1" title={t('outline.warnings', { count: row.warnings })}>
          <Icon of={TriangleAlert} small />
          <span aria-hidden="true">{row.warnings}</span>
          <span className="sr">{t('outline.warnings', { count: row.warnings })}</span>
        </span>
      )}
    </span>
  );
}

const WRITTEN = { input: 'inputs.', step: 'steps.', variable: '', local: '' } as const;

/** What may be used at the cursor, of what type, and what it was in the last run. */
function Names({ names, lastRun, step }: NamesHere) {
  const { t } = useTranslation('workflow');
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scroll region must be reachable by keyboard
    <section className="editor-names" tabIndex={0} aria-label={t('outline.names')}>
      <p className="muted sm">
        {step === null ? t('outline.above') : t('outline.at', { step: step.name === '' ? step.id : step.name })}
        {lastRun === null ? null : (
          <>
            {' · '}
            {t('outline.lastRun')} <TimeAgo at={lastRun.startedAt} />
          </>
        )}
      </p>
      <dl>
        {names.map(({ kind, name, type, from, value }) => (
          <div key={`${kind} ${name}`}>
            <dt className="mono">
              {WRITTEN[kind]}
              {name}
              {kind === 'step' ? '.output' : ''}
            </dt>
            <dd className="sm">
              <span className="muted">
                {type === null ? t('outline.anyType') : t(`outline.type.${type}`, { defaultValue: type })}
                {from === null || kind === 'step' ? null : ` · ${from}`}
              </span>
              {value === null ? null : (
                <span className="mono cut block" title={value}>
                  {value}
                </span>
              )}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
