import { Tabs as Base } from '@base-ui/react/tabs';
import type { ReactNode } from 'react';

export interface TabSpec {
  readonly value: string;
  readonly label: string;
  /** A count or note beside the word. */
  readonly note?: string | undefined;
}
interface TabsProps {
  readonly label: string;
  readonly value: string;
  readonly tabs: readonly TabSpec[];
  readonly onChange: (value: string) => void;
  /** The panels, each a `TabPanel`. */
  readonly children: ReactNode;
  readonly className?: string;
}

/** Tabs over panels: arrow keys move, the chosen panel is the only one that is there. */
export function Tabs({ label, value, tabs, onChange, children, className }: TabsProps) {
  return (
    <Base.Root
      value={value}
      onValueChange={(next: unknown) => onChange(String(next))}
      className={className ?? 'flex min-h-0 flex-1 flex-col'}
    >
      <Base.List className="tabs flex-none" aria-label={label} activateOnFocus>
        {tabs.map((tab) => (
          <Base.Tab key={tab.value} value={tab.value}>
            {tab.label}
            {tab.note === undefined ? null : <span className="n">{tab.note}</span>}
          </Base.Tab>
        ))}
      </Base.List>
      {children}
    </Base.Root>
  );
}

interface TabPanelProps {
  readonly value: string;
  readonly className?: string;
  /** Its state, such as a half-filled form, outlives a look at another tab. */
  readonly keepMounted?: boolean;
  readonly children: ReactNode;
}
export const TabPanel = ({ value, className, keepMounted = false, children }: TabPanelProps) => (
  <Base.Panel value={value} keepMounted={keepMounted} className={className ?? 'flex min-h-0 flex-1 flex-col'}>
    {children}
  </Base.Panel>
);
