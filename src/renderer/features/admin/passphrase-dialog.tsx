import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { LEAST_PASSPHRASE_CHARS } from '../../../shared/model/secret.ts';
import { call } from '../../client/bridge.ts';
import { useTried } from '../../client/use-tried.ts';
import { fieldErrors } from '../../ui/field-errors.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { showToast } from '../../ui/toasts.tsx';
import { SecretField, useTakenOnce } from './secret-field.tsx';

const PASSPHRASE_CHARS = 1024;
const CODES = { 'secret.wrong_passphrase': 'passphrase' };

interface PassphraseDialogProps {
  /** There is no vault yet: this is its passphrase from now on, so it is typed twice. */
  readonly isNew: boolean;
  readonly onClose: () => void;
}

/** Opens the vault with its passphrase, or makes it. */
export function PassphraseDialog({ isNew, onClose }: PassphraseDialogProps) {
  const { t } = useTranslation('secrets');
  const id = useId();
  const { isBusy, error, attempt } = useTried();
  const passphrase = useTakenOnce();
  const again = useTakenOnce();
  const errors = fieldErrors(error, CODES);
  const refusal = (): string | null => {
    if (passphrase.length === 0) return t('vault.needsPassphrase');
    if (!isNew) return null;
    if (passphrase.length < LEAST_PASSPHRASE_CHARS) return t('vault.short', { count: LEAST_PASSPHRASE_CHARS });
    return passphrase.isAs(again) ? null : t('vault.differ');
  };
  const reason = refusal();
  const unlock = (): Promise<boolean> =>
    attempt(async () => {
      again.take();
      await call('secrets.unlock', { passphrase: passphrase.take() });
      onClose();
      showToast(t(isNew ? 'vault.made' : 'vault.unlocked'));
    });
  const act = t(isNew ? 'vault.makeAct' : 'vault.unlock');
  return (
    <FormDialog
      width="28rem"
      title={t(isNew ? 'vault.makeTitle' : 'vault.unlockTitle')}
      description={t(isNew ? 'vault.makeText' : 'vault.unlockText')}
      act={act}
      needs="secrets.unlock"
      isBusy={isBusy}
      refusal={reason}
      error={errors.other}
      onClose={onClose}
      onSend={() => void unlock()}
    >
      <SecretField
        id={`${id}-passphrase`}
        label={t('vault.passphrase')}
        help={isNew ? t('vault.newHelp', { count: LEAST_PASSPHRASE_CHARS }) : t('vault.help')}
        error={errors.at('passphrase')}
        text={passphrase}
        maxLength={PASSPHRASE_CHARS}
      />
      {isNew ? (
        <SecretField
          id={`${id}-again`}
          label={t('vault.repeat')}
          help={t('vault.repeatHelp')}
          error={null}
          text={again}
          maxLength={PASSPHRASE_CHARS}
        />
      ) : null}
    </FormDialog>
  );
}
