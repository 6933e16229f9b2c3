import { TriangleAlert, Unplug, Zap } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TriggerList } from '../../../shared/contract/index.ts';
import type { Diagnostic } from '../../../shared/model/diagnostic.ts';
import { resumeAllTriggers } from '../../client/trigger-actions.ts';
import { Button } from '../../ui/button.tsx';
import { DiagnosticText } from '../../ui/diagnostic-text.tsx';
import { Note } from '../../ui/notes.tsx';
import { PausedAllNote } from '../../ui/trigger/pause-all.tsx';
import { worded } from '../../ui/worded.ts';

const PLACE = 'mx-6 mb-2 flex-none max-[1200px]:mx-4';

/** Why less starts by itself than the list may make believe: each with what to do. */
export function TriggerNotes({ list }: { readonly list: TriggerList }) {
  const { t } = useTranslation('triggers');
  const { triggers, isHosting, pausedAll, problems } = list;
  const isNoneArmed = triggers.length > 0 && triggers.every(({ armed }) => armed === null);
  return (
    <>
      <PausedAllNote pause={pausedAll} onResume={() => void resumeAllTriggers()} />
      {isHosting || triggers.length === 0 ? null : (
        <Note tone="waiting" icon={Unplug} className={PLACE}>
          <b className="strong">{t('note.notHosting')}</b> {t('note.notHostingText')}
        </Note>
      )}
      {isNoneArmed ? (
        <Note icon={Zap} className={PLACE}>
          <b className="strong">{t('note.nothingArmed')}</b> {t('note.nothingArmedText')}
        </Note>
      ) : null}
      {problems.length === 0 ? null : <Problems problems={problems} />}
    </>
  );
}

/** What is wrong in the files, with its place and how to mend it. */
function Problems({ problems }: { readonly problems: readonly Diagnostic[] }) {
  const { t } = useTranslation('triggers');
  const [isOpen, setIsOpen] = useState(false);
  return (
    <Note tone="waiting" icon={TriangleAlert} className={PLACE}>
      <div className="row">
        <b className="strong grow">{t('note.problems', { count: problems.length })}</b>
        <Button aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
          {t(isOpen ? 'note.hideProblems' : 'note.showProblems')}
        </Button>
      </div>
      {isOpen ? (
        <ul className="mt-1 grid max-h-40 gap-1 overflow-auto">
          {problems.map((problem) => {
            const place = problem.line === undefined ? problem.file : `${problem.file}:${problem.line}`;
            return (
              <li key={`${place} ${problem.message}`}>
                <DiagnosticText
                  {...problem}
                  message={place === undefined ? problem.message : `${place}: ${worded(problem.message)}`}
                />
              </li>
            );
          })}
        </ul>
      ) : null}
    </Note>
  );
}
