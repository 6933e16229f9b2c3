import type { ReactNode } from 'react';
import { usePageTitle } from './page-title.ts';

interface PageHeadProps {
  readonly title: string;
  /** Beside the title: a count, a status pill. */
  readonly aside?: ReactNode;
  /** Buttons at the right, at most one of them primary. */
  readonly children?: ReactNode;
}

/** The one page title of a screen, and its buttons. Names the window and the breadcrumb. */
export function PageHead({ title, aside, children }: PageHeadProps) {
  usePageTitle(title);
  return (
    <div className="page-head flex-none">
      <h1 className="cut" title={title}>
        {title}
      </h1>
      {aside}
      <span className="grow" />
      {children}
    </div>
  );
}

interface PaneHeadProps {
  readonly id?: string;
  readonly title: string;
  readonly count?: string | number;
  readonly children?: ReactNode;
}

/** The head of a section inside a screen. */
export function PaneHead({ id, title, count, children }: PaneHeadProps) {
  return (
    <div className="head">
      <h2 id={id}>
        {title}
        {count === undefined ? null : <span className="n"> {count}</span>}
      </h2>
      <span className="grow" />
      {children}
    </div>
  );
}
