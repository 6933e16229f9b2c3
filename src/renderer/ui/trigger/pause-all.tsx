import { Pause, Play } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PauseAsked, PauseInfo, TriggerList } from '../../../shared/contract/index.ts';
import { Button } from '../button.tsx';
import { formatMoment } from '../format.ts';
import { Note } from '../notes.tsx';
import { useNow } from '../use-now.ts';
import { PauseDialog } from './pause-dialog.tsx';

interface PauseAllButtonProps {
  readonly list: TriggerList | null;
  readonly onPause: (asked: PauseAsked) => void;
  readonly children: string;
}

/** Pauses all triggers, with the reason asked for; nothing where there are none, or where they are paused already. */
export function PauseAllButton({ list, onPause, children }: PauseAllButtonProps) {
  const { t } = useTranslation('triggers');
  const [isAsking, setIsAsking] = useState(false);
  if (list === null || list.triggers.length === 0 || list.pausedAll !== null) return null;
  return (
    <>
      <Button needs="triggers.pauseAll" icon={Pause} onClick={() => setIsAsking(true)}>
        {children}
      </Button>
      {isAsking ? (
        <PauseDialog
          title={t('pause:allTitle')}
          text={t('pause:allText')}
          needs="triggers.pauseAll"
          onClose={() => setIsAsking(false)}
          onPause={onPause}
        />
      ) : null}
    </>
  );
}

interface PausedAllNoteProps {
  readonly pause: PauseInfo | null;
  readonly onResume: () => void;
}

/** Says that all triggers are paused, by whom and why, with the way on; nothing while they are not. */
export function PausedAllNote({ pause, onResume }: PausedAllNoteProps) {
  const { t } = useTranslation('triggers');
  const now = useNow(15_000);
  if (pause === null) return null;
  return (
    <Note tone="waiting" icon={Pause} className="mx-6 mb-2 flex-none max-[1200px]:mx-4">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <p className="grow">
          <b className="strong">
            {pause.until === null
              ? t('note.pausedAll')
              : t('note.pausedAllUntil', { until: formatMoment(pause.until, now) })}
          </b>{' '}
          {t('note.pausedBy', { by: pause.by, when: formatMoment(pause.at, now) })}{' '}
          {pause.reason === '' ? null : t('note.said', { reason: pause.reason })}
        </p>
        <Button needs="triggers.resumeAll" icon={Play} onClick={onResume}>
          {t('pause:resume')}
        </Button>
      </div>
    </Note>
  );
}
