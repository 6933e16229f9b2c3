import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { Icon } from './icon.tsx';

/** A tag. */
export const Chip = ({ children }: { readonly children: ReactNode }) => <span className="chip">{children}</span>;

interface FilterChipProps {
  readonly isOn: boolean;
  readonly onToggle: () => void;
  readonly children: ReactNode;
}

/** A filter that is on or off. */
export function FilterChip({ isOn, onToggle, children }: FilterChipProps) {
  return (
    <button type="button" className="chip filter" aria-pressed={isOn} onClick={onToggle}>
      {children}
    </button>
  );
}

interface RemovableChipProps {
  /** What the button says to a screen reader, such as "Remove filter finance". */
  readonly label: string;
  readonly onRemove: () => void;
  readonly children: ReactNode;
}

/** A filter that is on, in the filtered-empty state: pressing it takes it away. */
export function RemovableChip({ label, onRemove, children }: RemovableChipProps) {
  return (
    <button type="button" className="chip filter" aria-label={label} onClick={onRemove}>
      {children}
      <Icon of={X} />
    </button>
  );
}
