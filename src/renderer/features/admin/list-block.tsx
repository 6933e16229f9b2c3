import type { ReactNode } from 'react';
import { useId } from 'react';
import { classNames } from '../../ui/class-names.ts';

interface ListBlockProps {
  readonly title: string;
  /** Beside the title. */
  readonly act?: ReactNode;
  /** In words, in the place of a list that is empty; null = it is not. */
  readonly none: string | null;
  readonly isSmall?: boolean;
  /** The lines, as `li`. */
  readonly children: ReactNode;
  /** Below the list. */
  readonly below?: ReactNode;
}

/** A part of a pane: a short list of what somebody or something has, each line with what can be done about it. */
export function ListBlock({ title, act, none, isSmall = false, children, below }: ListBlockProps) {
  const id = useId();
  return (
    <section className="admin-block sep" aria-labelledby={id}>
      <div className="row">
        <h3 className="grow" id={id}>
          {title}
        </h3>
        {act}
      </div>
      {none === null ? null : <p className="sm muted">{none}</p>}
      <ul className={classNames('key-list', isSmall && 'sm')}>{children}</ul>
      {below}
    </section>
  );
}
