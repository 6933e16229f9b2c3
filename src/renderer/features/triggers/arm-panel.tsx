import { CircleCheck, Info, TriangleAlert, Zap } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TriggerDetail } from '../../../shared/contract/index.ts';
import { AskApprovalDialog, AskInstead } from '../../client/ask-approval.tsx';
import { armTrigger } from '../../client/trigger-actions.ts';
import { Button } from '../../ui/button.tsx';
import { formatMoment } from '../../ui/format.ts';
import { Note } from '../../ui/notes.tsx';
import { useNow } from '../../ui/use-now.ts';
import { worded } from '../../ui/worded.ts';
import { shownTrigger } from './triggers-store.ts';

/** Whether it starts anything, why not, and the way to arm what stands on the page. */
export function ArmPanel({ trigger }: { readonly trigger: TriggerDetail }) {
  const { t } = useTranslation('triggers');
  const { status, isNewer, contentHash, problem } = trigger;
  const words = usePanelWords(trigger);
  const canArm = status === 'not_armed' || status === 'changed' || status === 'off' || isNewer;
  const isPlain = status === 'armed' && !isNewer;
  return (
    <Note
      tone={isPlain ? 'plain' : status === 'invalid' ? 'failed' : 'waiting'}
      icon={isPlain ? CircleCheck : status === 'not_armed' || status === 'off' ? Info : TriangleAlert}
      className="arm-panel"
      role="status"
    >
      <b className="strong">{words.title}</b>
      {words.text === '' ? null : <p className="sm">{words.text}</p>}
      {canArm ? (
        <ArmButton
          key={`${trigger.definitionHash} ${contentHash}`}
          trigger={trigger}
          reason={contentHash === null ? t('detail.cannotArm', { problem: worded(problem ?? '') }) : null}
        />
      ) : null}
    </Note>
  );
}

/** Sends what was shown: what changed meanwhile is refused, and then stands here instead. */
function ArmButton({ trigger, reason }: { readonly trigger: TriggerDetail; readonly reason: string | null }) {
  const { t } = useTranslation('triggers');
  const [isBusy, setIsBusy] = useState(false);
  const [isAsking, setIsAsking] = useState(false);
  const { key, definitionHash, contentHash } = trigger;
  const asked = { kind: 'schedule', trigger: key, definitionHash, contentHash: contentHash ?? '' } as const;
  const arm = async (): Promise<void> => {
    if (isBusy) return;
    setIsBusy(true);
    await armTrigger(trigger, () => setIsAsking(true));
    await shownTrigger.refresh();
    setIsBusy(false);
  };
  return (
    <div className="row mt-2 flex-wrap">
      <Button variant="primary" needs="triggers.arm" icon={Zap} reason={reason} onClick={() => void arm()}>
        {t(trigger.armed === null ? 'detail.arm' : 'detail.armAgain')}
      </Button>
      {reason === null ? <AskInstead of="triggers.arm" asked={() => asked} /> : null}
      {isAsking ? <AskApprovalDialog asked={asked} onClose={() => setIsAsking(false)} /> : null}
    </div>
  );
}

function usePanelWords(trigger: TriggerDetail): { readonly title: string; readonly text: string } {
  const { t } = useTranslation('triggers');
  const now = useNow(60_000);
  const { status, reason, armed, isNewer } = trigger;
  const word = (key: string, values = {}): string => t(`detail.panel.${key}`, values);
  const version =
    armed === null ? null : { label: armed.versionLabel, by: armed.by, when: formatMoment(armed.at, now) };
  if (status === 'armed' && isNewer && version !== null) return { title: word('armed'), text: word('newer', version) };
  if (status === 'changed')
    return { title: word('changed'), text: version === null ? word('changedNoText') : word('changedText', version) };
  const texts: Readonly<Partial<Record<typeof status, string>>> = {
    armed: word('armedText'),
    not_armed: word('not_armedText'),
    off: word('offText'),
  };
  const said = status === 'armed' || status === 'not_armed' ? null : reason;
  return { title: word(status), text: [said, texts[status]].filter((part) => part != null && part !== '').join(' ') };
}
