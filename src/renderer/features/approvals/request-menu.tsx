import { ArrowRight, Ellipsis, Undo } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ApprovalDetail } from '../../../shared/contract/index.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Menu, MenuItem } from '../../ui/menu.tsx';
import { saidPlainly } from '../../ui/said.tsx';
import { HandOverDialog } from './hand-over-dialog.tsx';

interface RequestMenuProps {
  readonly detail: ApprovalDetail;
  readonly onTakeBack: () => void;
  readonly onHandedOver: () => void;
}

/** What may be done with a request beside deciding it: hand it to another, or take it back. */
export function RequestMenu({ detail, onTakeBack, onHandedOver }: RequestMenuProps) {
  const { t } = useTranslation('approvals');
  const [dialog, setDialog] = useState<'none' | 'take back' | 'hand over'>('none');
  const { onReject, actions } = detail;
  const close = (): void => setDialog('none');
  const takeBack = (): void => {
    close();
    onTakeBack();
  };
  return (
    <>
      <Menu align="end" trigger={<Button variant="ghost" icon={Ellipsis} label={t('decide.more')} />}>
        <MenuItem
          icon={ArrowRight}
          needs="approvals.delegate"
          disabled={!actions.delegate.enabled}
          onSelect={() => setDialog('hand over')}
        >
          {actions.delegate.enabled
            ? t('handOver.menu')
            : t('handOver.not', { reason: saidPlainly(actions.delegate.reason) })}
        </MenuItem>
        <MenuItem icon={Undo} danger needs="approvals.cancel" onSelect={() => setDialog('take back')}>
          {t('decide.cancel')}
        </MenuItem>
      </Menu>
      {dialog === 'hand over' ? <HandOverDialog detail={detail} onClose={close} onHandedOver={onHandedOver} /> : null}
      <Dialog
        isOpen={dialog === 'take back'}
        onClose={close}
        title={t('cancel.title')}
        description={`${t('cancel.text')} ${t(`cancel.${onReject}`)}`}
        width="26rem"
        footer={
          <>
            <Button onClick={close}>{t('cancel.keep')}</Button>
            <Button variant="danger-solid" needs="approvals.cancel" onClick={takeBack}>
              {t('cancel.act')}
            </Button>
          </>
        }
      />
    </>
  );
}
