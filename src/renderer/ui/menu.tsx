import { Menu as Base } from '@base-ui/react/menu';
import type { LucideIcon } from 'lucide-react';
import type { ReactElement, ReactNode } from 'react';
import { classNames } from './class-names.ts';
import { useCutOff } from './cut-off.ts';
import { Icon } from './icon.tsx';
import { type Needs, useWhyNot } from './rights.ts';

interface MenuProps {
  /** The button that opens it, such as `<Button icon={Ellipsis} label={…} />`. */
  readonly trigger: ReactElement;
  readonly align?: 'start' | 'end';
  readonly children: ReactNode;
}

/** A menu under a button. */
export function Menu({ trigger, align = 'start', children }: MenuProps) {
  return (
    <Base.Root>
      <Base.Trigger render={trigger as ReactElement<Record<string, unknown>>} />
      <Base.Portal>
        <Base.Positioner sideOffset={4} align={align} className="z-30 outline-none">
          <Base.Popup className="float menu">{children}</Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

interface MenuItemProps {
  readonly icon?: LucideIcon;
  readonly onSelect: () => void;
  /** It destroys or takes back; while the app cannot be reached it does nothing. */
  readonly danger?: boolean;
  /** It stays in its place and does nothing; its words say why. */
  readonly disabled?: boolean;
  /** What it does, or leads to: without the permission for it, it does nothing and says which one is missing. */
  readonly needs?: Needs;
  readonly shortcut?: string;
  readonly children: ReactNode;
}
export function MenuItem({
  icon,
  onSelect,
  danger = false,
  disabled = false,
  needs,
  shortcut,
  children,
}: MenuItemProps) {
  const whyNot = useWhyNot(needs);
  const cutOff = useCutOff();
  const off =
    (danger || needs !== undefined) && cutOff !== null
      ? { title: cutOff.reason, 'aria-describedby': cutOff.reasonId }
      : null;
  return (
    <Base.Item
      className={classNames('item', danger && 'danger')}
      disabled={disabled || whyNot !== null || off !== null}
      onClick={onSelect}
      {...off}
    >
      {icon === undefined ? null : <Icon of={icon} />}
      <span className="grow cut">{children}</span>
      {whyNot === null ? null : <span className="sm">{whyNot}</span>}
      {shortcut === undefined ? null : <kbd>{shortcut}</kbd>}
    </Base.Item>
  );
}

interface MenuChoiceProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly choices: readonly { readonly value: T; readonly label: string }[];
  readonly onChoose: (value: T) => void;
}

/** One of several, marked. */
export function MenuChoice<T extends string>({ label, value, choices, onChoose }: MenuChoiceProps<T>) {
  return (
    <Base.Group>
      <Base.GroupLabel className="group">{label}</Base.GroupLabel>
      <Base.RadioGroup value={value} onValueChange={(next: T) => onChoose(next)}>
        {choices.map((choice) => (
          <Base.RadioItem key={choice.value} value={choice.value} className="item" closeOnClick>
            <span className="grow">{choice.label}</span>
            <Base.RadioItemIndicator className="text-accent">✓</Base.RadioItemIndicator>
          </Base.RadioItem>
        ))}
      </Base.RadioGroup>
    </Base.Group>
  );
}

export const MenuSeparator = () => <Base.Separator render={<hr />} />;

export const MenuGroup = ({ label, children }: { readonly label: string; readonly children: ReactNode }) => (
  <Base.Group>
    <Base.GroupLabel className="group">{label}</Base.GroupLabel>
    {children}
  </Base.Group>
);
