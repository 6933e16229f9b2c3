import { Dialog as Base } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import type { ReactNode, RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon } from './icon.tsx';

interface DialogProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly title: ReactNode;
  readonly description?: ReactNode;
  /** CSS length; 32rem unless told. */
  readonly width?: string;
  readonly footer?: ReactNode;
  readonly initialFocus?: RefObject<HTMLElement | null>;
  readonly children?: ReactNode;
}

/** A dialog: Escape closes, focus is held and returns. */
export function Dialog({
  isOpen,
  onClose,
  title,
  description,
  width = '32rem',
  footer,
  initialFocus,
  children,
}: DialogProps) {
  const { t } = useTranslation();
  return (
    <Base.Root open={isOpen} onOpenChange={(open) => (open ? undefined : onClose())}>
      <Base.Portal>
        <Base.Backdrop className="scrim" />
        <Base.Popup
          className="float dialog"
          style={{ '--dialog-width': width } as React.CSSProperties}
          {...(initialFocus === undefined ? {} : { initialFocus })}
        >
          <div className="dialog-head">
            <div className="grow">
              <Base.Title>{title}</Base.Title>
              {description === undefined ? null : <Base.Description className="muted">{description}</Base.Description>}
            </div>
            <Base.Close className="btn ghost only" aria-label={t('everywhere:close')} title={t('everywhere:close')}>
              <Icon of={X} />
            </Base.Close>
          </div>
          <div className="body">{children}</div>
          {footer === undefined ? null : <div className="dialog-foot">{footer}</div>}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
