import { Dialog as Base } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import { type ReactNode, type RefObject, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { firstFocusOf } from './first-focus.ts';
import { Icon } from './icon.tsx';
import { CutOffNote } from './sign-in-link.tsx';

interface DialogProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly title: ReactNode;
  readonly description?: ReactNode;
  /** CSS length; 32rem unless told. */
  readonly width?: string;
  readonly footer?: ReactNode;
  /** Beside the title: how it stands. */
  readonly mark?: ReactNode;
  /** Between the body and the buttons, always in sight. */
  readonly bar?: ReactNode;
  /** A decision with its evidence: as high as the window, and what is in it scrolls by itself. */
  readonly isSheet?: boolean;
  readonly initialFocus?: RefObject<HTMLElement | null>;
  readonly children?: ReactNode;
}

/** A dialog: Escape closes; focus begins where something is to be done, is held, and goes back to what opened it. */
export function Dialog({
  isOpen,
  onClose,
  title,
  description,
  width = '32rem',
  footer,
  mark,
  bar,
  isSheet = false,
  initialFocus,
  children,
}: DialogProps) {
  const { t } = useTranslation();
  const popup = useRef<HTMLDivElement>(null);
  return (
    <Base.Root open={isOpen} onOpenChange={(open) => (open ? undefined : onClose())}>
      <Base.Portal>
        <Base.Backdrop className="scrim" />
        {/* React tells of what is sent here to a form around the button that opened it too, though it stands elsewhere on the page. */}
        <Base.Popup
          onSubmit={(event) => event.stopPropagation()}
          className={isSheet ? 'float dialog sheet' : 'float dialog'}
          style={{ '--dialog-width': width } as React.CSSProperties}
          ref={popup}
          // A finger wants no keyboard over the dialog before it has asked for one.
          initialFocus={initialFocus ?? ((by) => by === 'touch' || firstFocusOf(popup.current))}
        >
          <div className="dialog-head">
            <div className="grow">
              <div className="flex flex-wrap items-center gap-2">
                <Base.Title>{title}</Base.Title>
                {mark}
              </div>
              {description === undefined ? null : <Base.Description className="muted">{description}</Base.Description>}
            </div>
            <Base.Close className="btn ghost only" aria-label={t('everywhere:close')} title={t('everywhere:close')}>
              <Icon of={X} />
            </Base.Close>
          </div>
          <div className="body">
            <CutOffNote />
            {children}
          </div>
          {bar}
          {footer === undefined ? null : <div className="dialog-foot">{footer}</div>}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
