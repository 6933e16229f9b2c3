import { Info, Zap } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useParams, useSearchParams } from 'react-router';
import { isMissing } from '../../../client/is-missing.ts';
import { useQueryOf } from '../../../client/use-query.ts';
import { LinkButton } from '../../../ui/button.tsx';
import { triggerLink, workflowLink } from '../../../ui/links.ts';
import { EmptyState, ErrorNote } from '../../../ui/notes.tsx';
import { usePageTitle } from '../../../ui/page-title.ts';
import { SkeletonRows } from '../../../ui/skeleton.tsx';
import { shownTrigger } from '../triggers-store.ts';
import { isOwnSchedule } from './schedule-draft.ts';
import { ScheduleEditor } from './schedule-editor.tsx';

/** A schedule that does not stand anywhere yet. */
export function NewScheduleScreen() {
  const { t } = useTranslation('schedule');
  const [params] = useSearchParams();
  const workflow = params.get('workflow')?.slice(0, 400) ?? '';
  usePageTitle(t('new'));
  return <ScheduleEditor key={workflow} trigger={null} workflow={workflow} />;
}

/** A schedule of `schedules.yaml`; of any other trigger it says where that is written. */
export function EditScheduleScreen() {
  const { t } = useTranslation('schedule');
  const { key = '' } = useParams();
  const { value, error } = useQueryOf(shownTrigger, key);
  usePageTitle(value === null ? t('form') : t('edit', { name: value.workflowName }));
  if (value === null && error !== null)
    return (
      <div className="p-6">
        <h1 className="sr">{t('form')}</h1>
        {isMissing(error, 'trigger.not_found') ? (
          <EmptyState icon={Zap} title={t('triggers:detail.missing')} text={t('triggers:detail.missingText')}>
            <LinkButton to="/triggers">{t('triggers:detail.toList')}</LinkButton>
          </EmptyState>
        ) : (
          <ErrorNote error={error} onRetry={() => void shownTrigger.refresh()} />
        )}
      </div>
    );
  if (value === null) return <SkeletonRows rows={8} columns={[30, 60]} />;
  if (!isOwnSchedule(value))
    return (
      <div className="p-6">
        <h1 className="sr">{t('form')}</h1>
        <EmptyState icon={Info} title={t('elsewhere.title', { file: value.source })} text={t('elsewhere.text')}>
          <div className="row">
            <LinkButton to={workflowLink(value.workflowId, 'source')}>{t('triggers:detail.openFile')}</LinkButton>
            <LinkButton to={triggerLink(value.key)}>{t('elsewhere.back')}</LinkButton>
          </div>
        </EmptyState>
      </div>
    );
  return <ScheduleEditor key={value.key} trigger={value} workflow="" />;
}
