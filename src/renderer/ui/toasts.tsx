import { useTranslation } from 'react-i18next';
import { Toaster, toast } from 'sonner';
import { toErrorRecord } from '../../shared/errors.ts';
import { Said } from './said.tsx';

interface ToastAction {
  readonly label: string;
  readonly onPress: () => void;
}

/** Says what was done; with an action such as Undo it stays 10 s. */
export const showToast = (text: string, action?: ToastAction): void => {
  toast(
    text,
    action === undefined ? {} : { duration: 10_000, action: { label: action.label, onClick: action.onPress } },
  );
};

/** Says what went wrong and what to do next. */
export const showError = (thrown: unknown): void => {
  const error = toErrorRecord(thrown);
  const hint = error.hint === undefined ? undefined : <Said text={error.hint} />;
  toast.error(<Said text={error.message} />, { description: hint, duration: 12_000 });
};

/** The place of the toasts; once, in the shell. */
export function Toasts({ theme }: { readonly theme: 'light' | 'dark' | 'system' }) {
  const { t } = useTranslation();
  return (
    <Toaster
      position="bottom-right"
      theme={theme}
      containerAriaLabel={t('everywhere:notifications')}
      offset={16}
      gap={8}
    />
  );
}
