import type { LucideIcon } from 'lucide-react';
import { Info } from 'lucide-react';
import { type ButtonHTMLAttributes, type ReactNode, type Ref, useId } from 'react';
import { Link } from 'react-router';
import { classNames } from './class-names.ts';
import { useCutOff } from './cut-off.ts';
import { Icon } from './icon.tsx';
import { type Needs, useWhyNot } from './rights.ts';
import { Said, saidPlainly } from './said.tsx';

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
  /** What it does, or leads to: without the permission for it the button says which one is missing, and does nothing. */
  readonly needs?: Needs | undefined;
  /**
   * It changes something at the app, so it does nothing while the app cannot be reached. Of itself: what is primary or dangerous, and what
   * needs a permission.
   */
  readonly acts?: boolean;
  readonly ref?: Ref<HTMLButtonElement>;
  readonly children?: ReactNode;
}

const ACTING: ReadonlySet<ButtonVariant> = new Set(['primary', 'danger', 'danger-solid']);

/** A button; verb first, one `primary` a screen. */
export function Button({
  variant = 'default',
  icon,
  label,
  reason = null,
  reasonId,
  needs,
  acts = ACTING.has(variant) || needs !== undefined,
  className,
  children,
  onClick,
  ...rest
}: ButtonProps) {
  const ownId = useId();
  const cutOff = useCutOff();
  const whyNot = useWhyNot(needs);
  const isOff = reason !== null || reasonId !== undefined;
  const ownOff =
    whyNot !== null ? { id: ownId, title: whyNot } : isOff ? { id: reasonId ?? ownId, title: undefined } : null;
  const off = ownOff ?? (acts && cutOff !== null ? { id: cutOff.reasonId, title: cutOff.reason } : null);
  const names = classNames('btn', variant !== 'default' && variant, children === undefined && 'only', className);
  return (
    <>
      <button
        type="button"
        {...rest}
        {...(off === null ? {} : { 'aria-disabled': true, 'aria-describedby': off.id })}
        className={names}
        aria-label={rest['aria-label'] ?? label}
        title={saidPlainly(off?.title ?? rest.title ?? label ?? '') || undefined}
        onClick={off !== null ? (event) => event.preventDefault() : onClick}
      >
        {icon === undefined ? null : <Icon of={icon} />}
        {children}
      </button>
      {whyNot !== null ? (
        <span className="sr" id={ownId}>
          {whyNot}
        </span>
      ) : reason !== null && reasonId === undefined ? (
        <Reason id={ownId}>{reason}</Reason>
      ) : null}
    </>
  );
}

/** Why a control does nothing now. */
export function Reason({ id, children }: { readonly id?: string; readonly children: ReactNode }) {
  return (
    <span className="why" id={id}>
      <Icon of={Info} small />
      {typeof children === 'string' ? <Said text={children} /> : children}
    </span>
  );
}

interface LinkButtonProps {
  readonly to: string;
  readonly variant?: ButtonVariant;
  readonly icon?: LucideIcon;
  /** What is done where it leads to: without the permission for it, it leads nowhere and says which one is missing. */
  readonly needs?: Needs;
  readonly children: ReactNode;
}

/** Leads somewhere, looks like a button. */
export function LinkButton({ to, variant = 'default', icon, needs, children }: LinkButtonProps) {
  const whyNot = useWhyNot(needs);
  if (whyNot !== null)
    return (
      <Button variant={variant} icon={icon} needs={needs}>
        {children}
      </Button>
    );
  return (
    <Link to={to} className={classNames('btn', variant !== 'default' && variant)}>
      {icon === undefined ? null : <Icon of={icon} />}
      {children}
    </Link>
  );
}
