import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { Icon } from '../../ui/icon.tsx';

interface StateStripProps {
  readonly tone: 'success' | 'waiting' | 'failed' | 'pending';
  readonly icon: LucideIcon;
  /** The state in a word or two. */
  readonly word: string;
  /** What there is to say beside it. */
  readonly children: ReactNode;
  /** Buttons at the end of the line. */
  readonly acts: ReactNode;
  /** Below the line. */
  readonly below?: ReactNode;
}

/** The line above a tab that says how what it shows stands, and what can be done about it. */
export function StateStrip({ tone, icon, word, children, acts, below }: StateStripProps) {
  return (
    <div className="state-strip">
      <div className="row">
        <span className="row grow" role="status">
          <span className={`status pill st-${tone}`}>
            <Icon of={icon} />
            {word}
          </span>
          {children}
        </span>
        {acts}
      </div>
      {below}
    </div>
  );
}
