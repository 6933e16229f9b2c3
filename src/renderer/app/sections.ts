import {
  Bot,
  CalendarCheck,
  ListTree,
  type LucideIcon,
  Server,
  Shield,
  SquareCheckBig,
  Wallet,
  Workflow,
  Zap,
} from 'lucide-react';
import { getHost } from '../client/bridge.ts';
import { heldKey, isMac } from '../ui/shortcuts.ts';

export interface Section {
  readonly path: string;
  /** Key in the namespace `shell`. */
  readonly nameKey: string;
  readonly icon: LucideIcon;
}

/** The rail. What is not built is not here. */
export const SECTIONS: readonly Section[] = [
  { path: '/today', nameKey: 'shell:nav.today', icon: CalendarCheck },
  { path: '/workflows', nameKey: 'shell:nav.workflows', icon: Workflow },
  { path: '/runs', nameKey: 'shell:nav.runs', icon: ListTree },
  { path: '/approvals', nameKey: 'shell:nav.approvals', icon: SquareCheckBig },
  { path: '/triggers', nameKey: 'shell:nav.triggers', icon: Zap },
  { path: '/agents', nameKey: 'shell:nav.agents', icon: Bot },
  { path: '/costs', nameKey: 'shell:nav.costs', icon: Wallet },
  { path: '/workers', nameKey: 'shell:nav.workers', icon: Server },
  { path: '/admin', nameKey: 'shell:nav.admin', icon: Shield },
];

/** Browsers keep Ctrl+digit for their tabs: there it is Alt. */
export const sectionModifier = (): string => (getHost() === null ? 'Alt' : heldKey());

/** The section that a key event asks for, or null. */
export function sectionOfKey(
  event: Pick<KeyboardEvent, 'code' | 'altKey' | 'ctrlKey' | 'metaKey' | 'shiftKey'>,
): Section | null {
  const digit = /^Digit([1-9])$/.exec(event.code)?.[1];
  if (digit === undefined || event.shiftKey) return null;
  const isHeld = getHost() === null ? event.altKey : isMac() ? event.metaKey : event.ctrlKey;
  return isHeld ? (SECTIONS[Number(digit) - 1] ?? null) : null;
}
