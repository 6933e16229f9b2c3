import { Save, Undo2 } from 'lucide-react';
import { useEffect, useId } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { TriggerDetail, WorkflowDetail } from '../../../../shared/contract/index.ts';
import type { JsonMap } from '../../../../shared/json.ts';
import { call } from '../../../client/bridge.ts';
import { triggerList } from '../../../client/trigger-queries.ts';
import { useDraft } from '../../../client/use-draft.ts';
import { useOwnQuery, useQuery } from '../../../client/use-query.ts';
import { Button } from '../../../ui/button.tsx';
import { ownZone } from '../../../ui/format.ts';
import { triggerLink } from '../../../ui/links.ts';
import { ErrorNote, Note } from '../../../ui/notes.tsx';
import { showToast } from '../../../ui/toasts.tsx';
import { Checks, Fires } from '../plan-tab.tsx';
import { InputsPart, WhatPart, WhenPart } from './editor-parts.tsx';
import { MoreFields, RuleFields } from './rule-fields.tsx';
import { draftOf, freeName, newDraft, type ScheduleDraft, splitInputs } from './schedule-draft.ts';
import { type ScheduleForm, useScheduleForm } from './use-schedule-form.ts';
import '../trigger.css';
import './editor.css';

interface ScheduleEditorProps {
  /** Null: a new one. */
  readonly trigger: TriggerDetail | null;
  /** Of a new one, chosen already; empty = none. */
  readonly workflow: string;
}

const NO_CONFIG: JsonMap = {};

/** A schedule in words: what is typed outlives a reload, and what it would do stands beside it. */
export function ScheduleEditor({ trigger, workflow }: ScheduleEditorProps) {
  const name = `schedule ${trigger?.key ?? `new ${workflow}`}`;
  const [kept, keep] = useDraft<ScheduleDraft>(name);
  const triggers = useQuery(triggerList).value?.triggers ?? [];
  useEffect(() => triggerList.open(null), []);
  const fresh =
    trigger === null
      ? { ...newDraft(workflow, ownZone()), id: workflow === '' ? '' : freeName(workflow, triggers) }
      : draftOf(trigger);
  const draft = kept ?? fresh;
  const { data, refresh } = useOwnQuery(
    { ask: (ref: string) => call('workflows.get', { ref }) },
    draft.workflow === '' ? null : draft.workflow,
  );
  const change = (part: Partial<ScheduleDraft>): void => keep({ ...draft, ...part });
  const choose = (next: string): void => {
    const isOwnName = draft.id === '' || draft.id === freeName(draft.workflow, triggers);
    change({ workflow: next, ...(isOwnName ? { id: freeName(next, triggers) } : {}) });
  };
  return (
    <EditorForm
      {...{ name, draft, trigger, choose, change }}
      detail={draft.workflow === '' ? null : data.value}
      isLoading={draft.workflow !== '' && data.value === null && data.status !== 'error'}
      workflowError={data.status === 'error' ? <ErrorNote error={data.error} onRetry={refresh} /> : null}
      isChanged={kept !== null && JSON.stringify(kept) !== JSON.stringify(fresh)}
      onDiscard={() => keep(null)}
    />
  );
}

interface EditorFormProps {
  readonly name: string;
  readonly draft: ScheduleDraft;
  readonly trigger: TriggerDetail | null;
  readonly detail: WorkflowDetail | null;
  readonly isLoading: boolean;
  readonly workflowError: React.ReactNode;
  readonly isChanged: boolean;
  readonly choose: (workflow: string) => void;
  readonly change: (part: Partial<ScheduleDraft>) => void;
  readonly onDiscard: () => void;
}

function EditorForm({ name, draft, trigger, detail, isChanged, onDiscard, ...rest }: EditorFormProps) {
  const { t } = useTranslation('schedule');
  const navigate = useNavigate();
  const formId = useId();
  const definitions = (detail?.workflow.inputs ?? []).filter(({ secret }) => !secret);
  const written = splitInputs(trigger?.config ?? NO_CONFIG, definitions);
  const schedule = useScheduleForm({
    ...{ draft, trigger, definitions, written, formId },
    draftName: `${name} inputs`,
    onSaved: (saved) => {
      onDiscard();
      showToast(t('saved', { name: saved.workflowName }));
      void navigate(`${triggerLink(saved.key)}?tab=plan`, { replace: trigger === null });
    },
  });
  const { form, plan } = schedule;
  const discard = (): void => {
    onDiscard();
    form.fill(written.given);
  };
  return (
    <>
      <div className="trigger-head">
        <div className="grow">
          <h1 className="cut">{trigger === null ? t('new') : t('edit', { name: trigger.workflowName })}</h1>
          <p className="sm muted cut">{t('file')}</p>
        </div>
        <div className="trigger-acts">
          {isChanged ? (
            <Button variant="ghost" icon={Undo2} onClick={discard}>
              {t('discard')}
            </Button>
          ) : null}
          <Button
            variant="primary"
            needs="schedules.save"
            icon={Save}
            type="submit"
            form={formId}
            reason={form.isStarting ? t('saving') : null}
          >
            {t('save')}
          </Button>
        </div>
      </div>
      <div className="editor-cols">
        <form
          id={formId}
          noValidate
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keys
          tabIndex={0}
          className="scroll editor-form"
          aria-label={t('form')}
          onSubmit={(event) => {
            event.preventDefault();
            void schedule.submit();
          }}
        >
          {schedule.refusal === null ? null : <ErrorNote error={schedule.refusal} />}
          {trigger !== null && draft.base !== trigger.definitionHash ? <ChangedOnDisk onTake={discard} /> : null}
          <WhatPart {...{ draft, trigger, detail, schedule }} {...rest} />
          <WhenPart draft={draft} schedule={schedule} onChange={rest.change} />
          <InputsPart {...{ detail, schedule, formId, definitions }} kept={written.kept} isLoading={rest.isLoading} />
          <RuleFields draft={draft} onChange={rest.change} rules={plan?.rules ?? null} {...schedule} />
          <MoreFields draft={draft} onChange={rest.change} {...schedule} />
        </form>
        <Foresight schedule={schedule} />
      </div>
    </>
  );
}

/** Somebody else wrote it meanwhile; saving would write over that. */
function ChangedOnDisk({ onTake }: { readonly onTake: () => void }) {
  const { t } = useTranslation('schedule');
  return (
    <Note tone="waiting" role="status">
      <b className="strong">{t('changed.title')}</b> {t('changed.text')}
      <div className="row mt-2">
        <Button onClick={onTake}>{t('changed.take')}</Button>
      </div>
    </Note>
  );
}

/** The next starts in both zones, and what would stop a run with nobody here. */
function Foresight({ schedule: { plan, lookAgain, errorOf } }: { readonly schedule: ScheduleForm }) {
  const { t } = useTranslation('schedule');
  if (plan === null)
    return (
      <section className="editor-fires" aria-label={t('plan')}>
        {errorOf('schedule') === null ? null : <p className="muted">{t('noPlan')}</p>}
      </section>
    );
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keys */}
      <section className="scroll editor-fires" aria-label={t('plan')} tabIndex={0}>
        <Fires plan={plan} />
      </section>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keys */}
      <section className="scroll editor-checks" aria-label={t('checks')} tabIndex={0}>
        {plan.checks.length === 0 ? (
          <p className="muted">{t('noChecks')}</p>
        ) : (
          <Checks checks={plan.checks} onAgain={lookAgain} />
        )}
      </section>
    </>
  );
}
