import { useTranslation } from 'react-i18next';
import type { ShownMessage } from '../../../shared/model/queue.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { JsonView } from '../../ui/json-view.tsx';
import { MessageFacts } from './message-facts.tsx';
import { Why } from './why-waits.tsx';

interface MessageDialogProps {
  readonly message: ShownMessage;
  readonly onClose: () => void;
}

/** A look at one that waits: nothing is taken from the queue. */
export function MessageDialog({ message, onClose }: MessageDialogProps) {
  const { t } = useTranslation('workers');
  const { workflowName, workflowId, payload, metadata } = message;
  const isPlain = Object.keys(metadata).length === 0;
  return (
    <Dialog isOpen onClose={onClose} title={workflowName ?? workflowId} description={t('peekText')}>
      <div className="message-look">
        <Why message={message} />
        <MessageFacts message={message} />
        <h3>{t('inputs')}</h3>
        {Object.keys(payload).length === 0 ? (
          <p className="muted sm">{t('noInputs')}</p>
        ) : (
          <JsonView value={payload} label={t('inputs')} />
        )}
        {isPlain ? null : (
          <>
            <h3>{t('metadata')}</h3>
            <JsonView value={metadata} label={t('metadata')} />
          </>
        )}
      </div>
    </Dialog>
  );
}
