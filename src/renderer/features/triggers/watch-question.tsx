import { FileQuestionMark } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { WatchSummary } from '../../../shared/contract/index.ts';
import { answerWatch } from '../../client/trigger-actions.ts';
import { triggerList, watchList } from '../../client/trigger-queries.ts';
import { useQuery } from '../../client/use-query.ts';
import { Button } from '../../ui/button.tsx';
import { Note } from '../../ui/notes.tsx';

/** The name of the workflow that a trigger starts; its key where it is not known. */
export function useWorkflowName(): (triggerKey: string) => string {
  const triggers = useQuery(triggerList).value?.triggers ?? [];
  return (wanted) => triggers.find(({ key }) => key === wanted)?.workflowName ?? wanted;
}

/** Every watch that waits for a person's word on its files. */
export function GoneQuestions() {
  const watches = useQuery(watchList).value ?? [];
  return watches.map((watch) => (
    <GoneQuestion key={watch.triggerKey} watch={watch} className="mx-6 mb-2 flex-none max-[1200px]:mx-4" />
  ));
}

/** Files of a watch are gone at once: deleted, or not to be reached. Nothing where it asks nothing. */
export function GoneQuestion({ watch, className = '' }: { readonly watch: WatchSummary; readonly className?: string }) {
  const { t } = useTranslation('triggers');
  const workflow = useWorkflowName()(watch.triggerKey);
  const { triggerKey, question } = watch;
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
