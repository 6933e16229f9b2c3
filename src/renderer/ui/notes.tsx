import { CircleX, Filter, type LucideIcon, RotateCw, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ErrorRecord } from '../../shared/errors.ts';
import { Button } from './button.tsx';
import { RemovableChip } from './chip.tsx';
import { classNames } from './class-names.ts';
import { useCutOff } from './cut-off.ts';
import { ErrorDetails } from './error-details.tsx';
import { hintOf } from './error-hint.ts';
import { Icon } from './icon.tsx';
import { Said } from './said.tsx';

interface NoteProps {
  readonly tone?: 'plain' | 'waiting' | 'failed' | 'in-doubt';
  readonly icon?: LucideIcon;
  readonly className?: string;
  /** `alert` when it appears because something just happened. */
  readonly role?: 'alert' | 'status';
  readonly children: ReactNode;
}

/** What, why, next on a tinted ground. */
export function Note({ tone = 'plain', icon, className, role, children }: NoteProps) {
  const glyph = icon ?? (tone === 'failed' ? CircleX : TriangleAlert);
  return (
    <div className={classNames('note', tone !== 'plain' && tone, className)} role={role}>
      <Icon of={glyph} />
      <div className="grow">{children}</div>
    </div>
  );
}

interface ErrorNoteProps {
  readonly error: ErrorRecord;
  readonly onRetry?: (() => void) | undefined;
  readonly className?: string;
}

/** The app was not reached: nothing is wrong with what was asked. */
const OF_THE_WAY: ReadonlySet<string> = new Set(['holder.unreachable', 'access.bad_token']);

/** The error state: the sentence, what to do next, the rest under Details. */
export function ErrorNote({ error, onRetry, className = '' }: ErrorNoteProps) {
  const { t } = useTranslation();
  const isCutOff = useCutOff() !== null;
  const hint = hintOf(error);
  // What to do stands above the screen, and it is tried again by itself.
  if (isCutOff && OF_THE_WAY.has(error.code))
    return (
      <p className={classNames('sm muted', className)}>
        <Said text={error.message} />
      </p>
    );
  return (
    <Note tone="failed" role="alert" className={className}>
      <b>
        <Said text={error.message} />
      </b>
      {hint === undefined ? null : (
        <p className="sm">
          <Said text={hint} />
        </p>
      )}
      {onRetry === undefined ? null : (
        <div className="row mt-2">
          <Button icon={RotateCw} onClick={onRetry}>
            {t('everywhere:retry')}
          </Button>
        </div>
      )}
      <ErrorDetails error={error} />
    </Note>
  );
}

interface EmptyStateProps {
  readonly icon: LucideIcon;
  /** One sentence. */
  readonly title: string;
  readonly text?: string;
  /** One action, one example. */
  readonly children?: ReactNode;
  readonly className?: string;
}

/** Nothing there yet: one sentence, one action, one example. */
export function EmptyState({ icon, title, text, children, className }: EmptyStateProps) {
  return (
    <div className={classNames('void', className)}>
      <Icon of={icon} />
      <p>
        <b>{title}</b>
      </p>
      {text === undefined ? null : <p className="muted sm">{text}</p>}
      {children === undefined ? null : <div className="row">{children}</div>}
    </div>
  );
}

export interface ActiveFilter {
  readonly key: string;
  readonly label: string;
  readonly onRemove: () => void;
}
interface FilteredEmptyProps {
  readonly title: string;
  readonly filters: readonly ActiveFilter[];
  readonly onClear: () => void;
  /** Such as "412 runs without them". */
  readonly without: string;
  readonly className?: string;
}

/** Everything is filtered away: the filters as chips, and a way back. */
export function FilteredEmpty({ title, filters, onClear, without, className }: FilteredEmptyProps) {
  const { t } = useTranslation();
  return (
    <div className={classNames('void', className)} role="status">
      <Icon of={Filter} />
      <p>
        <b>{title}</b>
      </p>
      <div className="row">
        {filters.map((filter) => (
          <RemovableChip
            key={filter.key}
            label={t('everywhere:filter.remove', { name: filter.label })}
            onRemove={filter.onRemove}
          >
            {filter.label}
          </RemovableChip>
        ))}
      </div>
      <div className="row">
        <Button onClick={onClear}>{t('everywhere:filter.clear')}</Button>
        <span className="muted">{without}</span>
      </div>
    </div>
  );
}
