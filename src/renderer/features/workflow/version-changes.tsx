import { ArrowUpDown, Minus, PencilLine, Plus } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Json } from '../../../shared/json.ts';
import type { WorkflowChange } from '../../../shared/workflow-changes.ts';
import { Icon } from '../../ui/icon.tsx';

const MARKS = {
  added: { icon: Plus, tone: 'text-success' },
  removed: { icon: Minus, tone: 'text-failed' },
  changed: { icon: PencilLine, tone: 'text-accent' },
  moved: { icon: ArrowUpDown, tone: 'text-muted' },
} as const;

const MAX_SHOWN = 200;

/** A value on one line, as it is spelled. */
function spelled(value: Json): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const line = text.replace(/\s*\n\s*/g, ' ↵ ');
  return line.length <= MAX_SHOWN ? line : `${line.slice(0, MAX_SHOWN)}…`;
}

function What({ change }: { readonly change: WorkflowChange }) {
  const { t } = useTranslation('workflow');
  const { is, key, before, after } = change;
  if (is === 'moved') return <span>{t('changes.moved', { before: spelled(before), after: spelled(after) })}</span>;
  if (key === '') return <span>{t(`changes.step.${is === 'added' ? 'added' : 'removed'}`)}</span>;
  return (
    <span className="min-w-0 [overflow-wrap:anywhere]">
      <code>{key}</code>{' '}
      {is === 'changed' ? (
        <>
          <del className="text-failed">{spelled(before)}</del> → <ins className="text-success">{spelled(after)}</ins>
        </>
      ) : is === 'added' ? (
        <ins className="text-success">{spelled(after)}</ins>
      ) : (
        <del className="text-failed">{spelled(before)}</del>
      )}
    </span>
  );
}

/** What is different, step by step: `3 Read: timeout 30s → 60s`. */
export function VersionChanges({ changes }: { readonly changes: readonly WorkflowChange[] }) {
  const { t } = useTranslation('workflow');
  if (changes.length === 0) return <p className="muted p-6">{t('changes.none')}</p>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scroll region must be reachable by keyboard
    <section className="min-h-0 flex-1 overflow-auto" tabIndex={0} aria-label={t('changes.label')}>
      <ul>
        {changes.map((change) => {
          const { is, step, key } = change;
          return (
            <li
              key={`${step?.id ?? ''} ${key} ${is}`}
              className="flex min-h-9 items-start gap-3 border-b border-border px-6 py-2"
            >
              <span className={`flex-none ${MARKS[is].tone}`} title={t(`changes.is.${is}`)}>
                <Icon of={MARKS[is].icon} />
                <span className="sr">{t(`changes.is.${is}`)}</span>
              </span>
              <span className="w-48 flex-none truncate strong" title={step?.name}>
                {step === null ? t('changes.head') : `${step.number} ${step.name}`}
              </span>
              <What change={change} />
            </li>
          );
        })}
      </ul>
    </section>
  );
}
