import { RotateCcw } from 'lucide-react';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { DeliveryDetail } from '../../../shared/contract/index.ts';
import { act } from '../../client/act.ts';
import { call } from '../../client/bridge.ts';
import { triggerList } from '../../client/trigger-queries.ts';
import { useOwnQuery, useQuery } from '../../client/use-query.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field } from '../../ui/field.tsx';
import { formatDate } from '../../ui/format.ts';
import { deliveryLink } from '../../ui/links.ts';
import { Select } from '../../ui/select.tsx';
import { showToast } from '../../ui/toasts.tsx';
import { useNow } from '../../ui/use-now.ts';

const ARMED = 'armed';

/** Plays what came once more, after saying that it has its effects again, and with which version. */
export function ReplayDelivery({ delivery }: { readonly delivery: DeliveryDetail }) {
  const { t } = useTranslation('triggers');
  const [isAsking, setIsAsking] = useState(false);
  return (
    <>
      <Button needs="deliveries.redeliver" icon={RotateCcw} onClick={() => setIsAsking(true)}>
        {t('delivery.replay')}
      </Button>
      {isAsking ? <ReplayDialog delivery={delivery} onClose={() => setIsAsking(false)} /> : null}
    </>
  );
}

function ReplayDialog({ delivery, onClose }: { readonly delivery: DeliveryDetail; readonly onClose: () => void }) {
  const { t } = useTranslation('triggers');
  const id = useId();
  const navigate = useNavigate();
  const now = useNow(60_000);
  const [version, setVersion] = useState(ARMED);
  const [isBusy, setIsBusy] = useState(false);
  const workflow = useQuery(triggerList).value?.triggers.find(({ key }) => key === delivery.triggerKey)?.workflowId;
  const { data } = useOwnQuery({ ask: (ref: string) => call('workflows.get', { ref }) }, workflow ?? null);
  const versions = (data.value?.versions ?? []).map(({ hash, label, firstSeenAt }) => ({
    value: hash,
    label: t('delivery.versionLabel', { label, hash: hash.slice(0, 8), when: formatDate(firstSeenAt, now) }),
  }));
  const replay = async (): Promise<void> => {
    if (isBusy) return;
    setIsBusy(true);
    const made = await act(() =>
      call('deliveries.redeliver', { id: delivery.id, ...(version === ARMED ? {} : { versionHash: version }) }),
    );
    setIsBusy(false);
    if (made === undefined) return;
    onClose();
    showToast(t('done.redelivered'));
    await navigate(deliveryLink(made.id));
  };
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={t('delivery.replayTitle')}
      description={t('delivery.replayDialog')}
      footer={
        <>
          <Button onClick={onClose}>{t('delivery.keep')}</Button>
          <Button variant="primary" needs="deliveries.redeliver" icon={RotateCcw} onClick={() => void replay()}>
            {t('delivery.act')}
          </Button>
        </>
      }
    >
      <Field id={id} label={t('delivery.version')}>
        <Select
          id={id}
          value={version}
          choices={[{ value: ARMED, label: t('delivery.armedVersion') }, ...versions]}
          onChange={setVersion}
        />
      </Field>
    </Dialog>
  );
}
