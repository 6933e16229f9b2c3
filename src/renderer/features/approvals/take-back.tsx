import { Ellipsis, Undo } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Menu, MenuItem } from '../../ui/menu.tsx';

interface TakeBackProps {
  /** What a request that is taken back does to its run. */
  readonly onReject: 'fail' | 'continue';
  readonly onAct: () => void;
}

/** Takes the request back, after a question: nobody can decide about it afterwards. */
export function TakeBack({ onReject, onAct }: TakeBackProps) {
  const { t } = useTranslation('approvals');
  const [isOpen, setIsOpen] = useState(false);
  const close = (): void => setIsOpen(false);
  const act = (): void => {
    close();
    onAct();
  };
  return (
    <>
      <Menu align="end" trigger={<Button variant="ghost" icon={Ellipsis} label={t('decide.more')} />}>
        <MenuItem icon={Undo} danger needs="approvals.cancel" onSelect={() => setIsOpen(true)}>
          {t('decide.cancel')}
        </MenuItem>
      </Menu>
      <Dialog
        isOpen={isOpen}
        onClose={close}
        title={t('cancel.title')}
        description={`${t('cancel.text')} ${t(`cancel.${onReject}`)}`}
        width="26rem"
        footer={
          <>
            <Button onClick={close}>{t('cancel.keep')}</Button>
            <Button variant="danger-solid" needs="approvals.cancel" onClick={act}>
              {t('cancel.act')}
            </Button>
          </>
        }
      />
    </>
  );
}
