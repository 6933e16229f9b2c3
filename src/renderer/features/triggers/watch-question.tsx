import { FileQuestionMark } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { WatchSummary } from '../../../shared/contract/index.ts';
import { answerWatch } from '../../client/trigger-actions.ts';
import { watchList } from '../../client/trigger-queries.ts';
import { useQuery } from '../../client/use-query.ts';
import { Button } from '../../ui/button.tsx';
import { Note } from '../../ui/notes.tsx';
import { useTriggerName } from './delivery-columns.tsx';

/** So many questions stand above the screen; with the others they would leave no room for it. */
const MOST_ASKED = 1;

/** Watches that wait for a person's word on their files, above every tab: a few of them, and how many more there are. */
export function GoneQuestions({ onAll }: { readonly onAll: () => void }) {
  const { t } = useTranslation('triggers');
  const asking = (useQuery(watchList).value ?? []).filter(({ question }) => question !== null);
  const more = asking.length - MOST_ASKED;
  return (
    <>
      {asking.slice(0, MOST_ASKED).map((watch) => (
        <GoneQuestion key={watch.triggerKey} watch={watch} className={PLACE} />
      ))}
      {more <= 0 ? null : (
        <p className={`row sm ${PLACE}`} role="status">
          {t('watch:askMore', { count: more })} <Button onClick={onAll}>{t('watch:askAll')}</Button>
        </p>
      )}
    </>
  );
}

const PLACE = 'mx-6 mb-2 flex-none max-[1200px]:mx-4';

/** Files of a watch are gone at once: deleted, or not to be reached. Nothing where it asks nothing. */
export function GoneQuestion({ watch, className = '' }: { readonly watch: WatchSummary; readonly className?: string }) {
  const { t } = useTranslation('triggers');
  const { triggerKey, question } = watch;
  const workflow = useTriggerName(triggerKey);
  if (question === null) return null;
  return (
    <Note tone="waiting" icon={FileQuestionMark} role="status" className={className}>
      <b className="strong">{t('watch:askTitle', { workflow, count: question.gone, known: question.known })}</b>
      <p className="sm">{t('watch:askText')}</p>
      <p className="sm mono cut">{t('watch:askExamples', { names: question.examples.join(', ') })}</p>
      <div className="row mt-2 flex-wrap">
        <Button needs="watches.answer" onClick={() => void answerWatch(triggerKey, 'keep')}>
          {t('watch:keep')}
        </Button>
        <Button needs="watches.answer" onClick={() => void answerWatch(triggerKey, 'gone')}>
          {t('watch:gone')}
        </Button>
      </div>
    </Note>
  );
}
