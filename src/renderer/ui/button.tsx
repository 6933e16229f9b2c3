import type { LucideIcon } from 'lucide-react';
import { Info } from 'lucide-react';
import { type ButtonHTMLAttributes, type ReactNode, type Ref, useId } from 'react';
import { Link } from 'react-router';
import { classNames } from './class-names.ts';
import { Icon } from './icon.tsx';

export type ButtonVariant = 'default' | 'primary' | 'danger' | 'danger-solid' | 'ghost';

export interface ButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'disabled'> {
  readonly variant?: ButtonVariant;
  readonly icon?: LucideIcon | undefined;
  /** The button shows only its icon: this is its name and its tip. */
  readonly label?: string | undefined;
  /** Not null: the button stays in its place and can be reached, but does nothing; the reason stands beside it. */
  readonly reason?: string | null | undefined;
  /** Where the reason is already on screen elsewhere: its element's id; then it is not written a second time. */
  readonly reasonId?: string | undefined;
  readonly ref?: Ref<HTMLButtonElement>;
  readonly children?: ReactNode;
}

/** A button; verb first, one `primary` a screen. */
export function Button({
  variant = 'default',
  icon,
  label,
  reason = null,
  reasonId,
  className,
  children,
  onClick,
  ...rest
}: ButtonProps) {
  const ownId = useId();
  const isOff = reason !== null || reasonId !== undefined;
  const off = isOff ? { 'aria-disabled': true, 'aria-describedby': reasonId ?? ownId } : {};
  const names = classNames('btn', variant !== 'default' && variant, children === undefined && 'only', className);
  return (
    <>
      <button
        type="button"
        {...rest}
        {...off}
        className={names}
        aria-label={rest['aria-label'] ?? label}
        title={rest.title ?? label}
        onClick={isOff ? (event) => event.preventDefault() : onClick}
      >
        {icon === undefined ? null : <Icon of={icon} />}
        {children}
      </button>
      {reason !== null && reasonId === undefined ? <Reason id={ownId}>{reason}</Reason> : null}
    </>
  );
}

/** Why a control does nothing now. */
export function Reason({ id, children }: { readonly id?: string; readonly children: ReactNode }) {
  return (
    <span className="why" id={id}>
      <Icon of={Info} small />
      {children}
    </span>
  );
}

interface LinkButtonProps {
  readonly to: string;
  readonly variant?: ButtonVariant;
  readonly icon?: LucideIcon;
  readonly children: ReactNode;
}

/** Leads somewhere, looks like a button. */
export function LinkButton({ to, variant = 'default', icon, children }: LinkButtonProps) {
  return (
    <Link to={to} className={classNames('btn', variant !== 'default' && variant)}>
      {icon === undefined ? null : <Icon of={icon} />}
      {children}
    </Link>
  );
}
