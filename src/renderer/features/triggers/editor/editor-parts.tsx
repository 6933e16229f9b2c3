import { useTranslation } from 'react-i18next';
import type { TriggerDetail, WorkflowDetail } from '../../../../shared/contract/index.ts';
import type { JsonMap } from '../../../../shared/json.ts';
import { InputFields } from '../../../client/input-fields.tsx';
import { useWorkflowChoices } from '../../../client/use-workflow-choices.ts';
import { Field, FieldHelp, TextInput } from '../../../ui/field.tsx';
import { JsonView } from '../../../ui/json-view.tsx';
import { SearchSelect } from '../../../ui/search-select.tsx';
import { SkeletonRows } from '../../../ui/skeleton.tsx';
import { cronWords } from '../../../ui/trigger/trigger-words.ts';
import { Part } from './rule-fields.tsx';
import { type ScheduleDraft, textOfDraft } from './schedule-draft.ts';
import type { ScheduleForm } from './use-schedule-form.ts';
import { WhenFields } from './when-fields.tsx';

interface WhatPartProps {
  readonly draft: ScheduleDraft;
  /** Null: it is new. */
  readonly trigger: TriggerDetail | null;
  readonly choose: (workflow: string) => void;
  readonly change: (part: Partial<ScheduleDraft>) => void;
  readonly workflowError: React.ReactNode;
  readonly schedule: ScheduleForm;
}

/** Which workflow, and under which name it stands in the file. */
export function WhatPart({ draft, trigger, schedule, choose, change, workflowError }: WhatPartProps) {
  const { t } = useTranslation('schedule');
  const workflows = useWorkflowChoices(draft.workflow === '' ? null : draft.workflow);
  const [workflowId, nameId] = [schedule.fieldId('workflow_id'), schedule.fieldId('id')];
  const nameError = schedule.errorOf('id');
  return (
    <Part title={t('what')}>
      {trigger === null ? (
        <div className="field">
          <span className="label">{t('field.workflow.label')}</span>
          <SearchSelect
            id={workflowId}
            describedBy={`${workflowId}-help`}
            label={t('field.workflow.label')}
            search={t('field.workflow.search')}
            none={t('field.workflow.none')}
            placeholder={t('field.workflow.choose')}
            value={draft.workflow}
            choices={workflows}
            onChange={choose}
          />
          <FieldHelp id={workflowId} error={schedule.errorOf('workflow_id')} />
        </div>
      ) : (
        <dl className="kv">
          <dt>{t('field.workflow.label')}</dt>
          <dd>{trigger.workflowName}</dd>
          <dt>{t('field.id.label')}</dt>
          <dd className="mono">{trigger.id}</dd>
        </dl>
      )}
      {workflowError}
      {trigger === null ? (
        <Field id={nameId} label={t('field.id.label')} help={t('field.id.help')} error={nameError}>
          <TextInput
            id={nameId}
            isBad={nameError !== null}
            aria-describedby={`${nameId}-help`}
            value={draft.id}
            onChange={(event) => change({ id: event.target.value })}
          />
        </Field>
      ) : null}
    </Part>
  );
}

const ZONES = [...new Set(['UTC', ...Intl.supportedValuesOf('timeZone')])];

interface WhenPartProps {
  readonly draft: ScheduleDraft;
  readonly schedule: ScheduleForm;
  readonly onChange: (change: Partial<ScheduleDraft>) => void;
}

/** At which times of which clock. */
export function WhenPart({ draft, schedule: { fieldId, errorOf, plan }, onChange }: WhenPartProps) {
  const { t } = useTranslation('schedule');
  const id = fieldId('schedule');
  const zoneId = fieldId('timezone');
  const error = errorOf('schedule');
  const text = textOfDraft(draft);
  const words = cronWords(text);
  const known = ZONES.map((zone) => ({ value: zone, label: zone }));
  const own = draft.timezone;
  const zones = [
    ...(own === '' ? [{ value: '', label: t('when.zoneOfSettings', { zone: plan?.timezone ?? '' }) }] : []),
    ...(own === '' || ZONES.includes(own) ? [] : [{ value: own, label: own }]),
    ...known,
  ];
  return (
    <Part title={t('when.title')}>
      <WhenFields
        id={id}
        when={draft.when}
        isBad={error !== null}
        onChange={(part) => onChange({ when: { ...draft.when, ...part } })}
      />
      <FieldHelp
        id={id}
        help={
          <>
            {words === text ? t('when.textHelp') : words} <code>{words === text ? '' : text}</code>
          </>
        }
        error={error}
      />
      <div className="say">
        <span>{t('when.zone')}</span>
        <SearchSelect
          id={zoneId}
          describedBy={`${zoneId}-help`}
          className="w-zone"
          label={t('when.zoneName')}
          search={t('when.zoneSearch')}
          none={t('when.zoneNone')}
          value={own}
          choices={zones}
          onChange={(timezone) => onChange({ timezone })}
        />
      </div>
      <FieldHelp id={zoneId} error={errorOf('timezone')} />
    </Part>
  );
}

interface InputsPartProps {
  readonly detail: WorkflowDetail | null;
  readonly schedule: ScheduleForm;
  readonly formId: string;
  readonly definitions: WorkflowDetail['workflow']['inputs'];
  readonly kept: JsonMap;
  readonly isLoading: boolean;
}

/** What it starts the workflow with. */
export function InputsPart({ detail, schedule: { form }, formId, definitions, kept, isLoading }: InputsPartProps) {
  const { t } = useTranslation('schedule');
  if (isLoading) return <SkeletonRows rows={3} />;
  if (detail === null) return null;
  const hasSecret = detail.workflow.inputs.some(({ secret }) => secret);
  return (
    <Part title={t('inputs.title')}>
      {detail.workflow.inputs.length === 0 ? <p className="muted">{t('inputs.none')}</p> : null}
      <InputFields formId={formId} definitions={definitions} form={form} />
      {hasSecret ? <p className="sm muted">{t('inputs.secrets')}</p> : null}
      {Object.keys(kept).length === 0 ? null : (
        <div>
          <p className="sm muted">{t('inputs.kept')}</p>
          <JsonView value={kept} label={t('inputs.kept')} />
        </div>
      )}
    </Part>
  );
}
