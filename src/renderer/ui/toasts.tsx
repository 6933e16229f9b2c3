import { CircleCheck, CircleX } from 'lucide-react';
import type { KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { Toaster, toast } from 'sonner';
import { toErrorRecord } from '../../shared/errors.ts';
import { hintOf } from './error-hint.ts';
import { Icon } from './icon.tsx';
import { Said } from './said.tsx';

interface ToastAction {
  readonly label: string;
  readonly onPress: () => void;
}

/** What was said, to be taken back when it is no longer true. */
export interface Toast {
  readonly dismiss: () => void;
}

const buttonOf = ({ label, onPress }: ToastAction) => ({ label, onClick: onPress });

/**
 * Says what was done, and to which of many where another stands on the screen by then; with an action such as Undo, or with two, it stays
 * 10 s.
 */
export function showToast(
  text: string,
  action?: ToastAction | readonly [ToastAction, ToastAction],
  about?: string,
): Toast {
  const [first, second] = action === undefined ? [] : 'label' in action ? [action] : action;
  const id = toast(about === undefined ? text : <DoneTo what={text} about={about} />, {
    ...(first === undefined ? {} : { duration: 10_000, action: buttonOf(first) }),
    ...(second === undefined ? {} : { cancel: buttonOf(second) }),
  });
  return { dismiss: () => toast.dismiss(id) };
}

/** In one line: it must not reach down to what the screen shows by then. */
const DoneTo = ({ what, about }: { readonly what: string; readonly about: string }) => (
  <span className="row nowrap">
    <span>{what}</span>
    <span className="cut muted" title={about}>
      {about}
    </span>
  </span>
);

/** Only the newest failure stands: the one before is over when something else was tried. */
const ERROR_ID = 'error';

/** Says what went wrong and what to do next. */
export const showError = (thrown: unknown): void => {
  const error = toErrorRecord(thrown);
  const hint = hintOf(error);
  const description = hint === undefined ? undefined : <Said text={hint} />;
  toast.error(<Said text={error.message} />, { id: ERROR_ID, description, duration: 12_000 });
};

/** Takes the last failure back: what was tried again has worked. */
export const dismissError = (): void => void toast.dismiss(ERROR_ID);

/** The place of the toasts; once, in the shell. They stand in the top bar, where they cover no pane, no footer and no button of a screen. */
export function Toasts({ theme }: { readonly theme: 'light' | 'dark' | 'system' }) {
  const { t } = useTranslation();
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only sees the key that leaves the list
    <div className="contents" onKeyDown={leaveForward}>
      <Toaster
        position="top-center"
        theme={theme}
        containerAriaLabel={t('everywhere:notifications')}
        offset={4}
        mobileOffset={4}
        gap={8}
        visibleToasts={1}
        toastOptions={{
          unstyled: true,
          classNames: { toast: 'toast', actionButton: 'btn ghost', cancelButton: 'btn ghost' },
        }}
        icons={{ success: <Icon of={CircleCheck} />, error: <Icon of={CircleX} /> }}
      />
    </div>
  );
}

/**
 * The list of toasts is the last stop of the page, and gives the focus back to the one before it when it is left: whoever goes on with Tab would
 * come to it again and again. From its last stop the page begins anew.
 */
function leaveForward(event: KeyboardEvent<HTMLDivElement>): void {
  if (event.key !== 'Tab' || event.shiftKey) return;
  const stops = event.currentTarget.querySelectorAll('[tabindex="0"], button');
  const first = document.querySelector<HTMLElement>('.app .skip');
  if (first === null || document.activeElement !== stops[stops.length - 1]) return;
  event.preventDefault();
  first.focus();
  // The list has answered to that by its own wish.
  queueMicrotask(() => first.focus());
}
