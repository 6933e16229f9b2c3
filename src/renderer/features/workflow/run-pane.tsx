import { History, ListChecks, Play } from 'lucide-react';
import { useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'react-router';
import type { WorkflowDetail } from '../../../shared/contract/index.ts';
import { AskApproval } from '../../client/ask-approval.tsx';
import { InputFields } from '../../client/input-fields.tsx';
import type { InputForm } from '../../client/use-input-form.ts';
import { Button, Reason } from '../../ui/button.tsx';
import { useCutOff } from '../../ui/cut-off.ts';
import { toInputs } from '../../ui/form-values.ts';
import { formatDuration } from '../../ui/format.ts';
import { KeyHint } from '../../ui/key-hint.tsx';
import { ErrorNote } from '../../ui/notes.tsx';
import { PaneHead } from '../../ui/page.tsx';
import { useWhyNot } from '../../ui/rights.ts';
import { saidPlainly } from '../../ui/said.tsx';
import { isShortcut, shortcutText } from '../../ui/shortcuts.ts';
import { whyNotRun } from '../../ui/trust/why-not-run.ts';
import { CostRange } from './cost-range.tsx';
import { PlanDialog } from './plan-dialog.tsx';
import { useRunForm } from './use-run-form.ts';

/** How long it will take, from what is known. */
function Estimate({ detail }: { readonly detail: WorkflowDetail }) {
  const { t } = useTranslation('workflow');
  const { averageMs, runsTotal } = detail.entry;
  const estimated = detail.workflow.estimatedDuration;
  if (averageMs !== null) return <>{t('run.average', { duration: formatDuration(averageMs), count: runsTotal })}</>;
  return (
    <span className="muted">{estimated === '' ? t('run.unknown') : t('run.estimated', { duration: estimated })}</span>
  );
}

/** Ctrl/Cmd+Enter runs from anywhere on the screen, while the form can be seen and no dialog is open. */
function useRunKey(submit: () => Promise<void>, isOff: boolean, run: React.RefObject<HTMLButtonElement | null>): void {
  const latest = useRef(submit);
  latest.current = submit;
  useEffect(() => {
    if (isOff) return;
    const onKey = (event: KeyboardEvent): void => {
      if (!isShortcut('run', event)) return;
      if (run.current?.offsetParent === null || document.querySelector('[role="dialog"]') !== null) return;
      event.preventDefault();
      void latest.current();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [isOff, run]);
}

/** Who came here by Run in the library finds the focus where the work goes on. */
function useFirstFocus(
  formId: string,
  run: React.RefObject<HTMLButtonElement | null>,
  firstNeeded: string | undefined,
): void {
  const { state } = useLocation();
  const wants = (state as { readonly focusRun?: boolean } | null)?.focusRun === true;
  useEffect(() => {
    if (!wants) return;
    const field = firstNeeded === undefined ? null : document.getElementById(`${formId}-${firstNeeded}`);
    (field ?? run.current)?.focus();
  }, [wants, formId, run, firstNeeded]);
}

function RunFoot({
  form,
  whyNot,
  runRef,
}: {
  readonly form: InputForm;
  readonly whyNot: string | null;
  readonly runRef: React.RefObject<HTMLButtonElement | null>;
}) {
  const { t } = useTranslation('workflow');
  const reasonId = useId();
  const count = Object.keys(form.errors).length;
  const reason = whyNot ?? (form.isStarting ? t('run.starting') : count > 0 ? t('run.fields', { count }) : null);
  const isOff = whyNot !== null || form.isStarting;
  return (
    <>
      <Button
        ref={runRef}
        type="submit"
        variant="primary"
        needs="runs.start"
        icon={Play}
        className="w-full"
        {...(isOff ? { reasonId } : reason === null ? {} : { 'aria-describedby': reasonId })}
      >
        {t('run.act')} <KeyHint keys={shortcutText('run')} />
      </Button>
      {/* Its place is kept: a sentence that comes while Run is being pressed must not move it from under the pointer. */}
      <span role="status" className="mt-1 block min-h-5">
        {reason === null ? null : <Reason id={reasonId}>{reason}</Reason>}
      </span>
    </>
  );
}

/** The form that runs a workflow. */
export function RunPane({ detail }: { readonly detail: WorkflowDetail }) {
  const { t } = useTranslation('workflow');
  const formId = useId();
  const runRef = useRef<HTMLButtonElement>(null);
  const form = useRunForm(detail, (name) => document.getElementById(`${formId}-${name}`)?.focus());
  const { inputs } = detail.workflow;
  const { lastInputs, entry } = detail;
  const problem = whyNotRun(entry);
  const whyNot = problem === null ? null : saidPlainly(problem);
  const isCutOff = useCutOff() !== null;
  const [isPlanOpen, setIsPlanOpen] = useState(false);
  const isOff = useWhyNot('runs.start') !== null || whyNot !== null || isCutOff;
  useRunKey(form.submit, isOff, runRef);
  useFirstFocus(formId, runRef, inputs.find((input) => input.required && input.default === undefined)?.name);
  return (
    <section className="pane-run" aria-labelledby={`${formId}-title`}>
      <PaneHead id={`${formId}-title`} title={t('run.title')}>
        {lastInputs === null || inputs.length === 0 ? null : (
          <Button variant="ghost" icon={History} title={t('run.lastInputsTip')} onClick={() => form.fill(lastInputs)}>
            {t('run.lastInputs')}
          </Button>
        )}
      </PaneHead>
      <form
        noValidate
        className="contents"
        onSubmit={(event) => {
          event.preventDefault();
          if (!isOff) void form.submit();
        }}
      >
        <div className="fields">
          {form.refusal === null ? null : <ErrorNote error={form.refusal} />}
          {form.refusal?.code === 'approval.needed' ? (
            <p>
              <AskApproval
                asked={() => ({ kind: 'run', workflow: entry.ref, inputs: toInputs(inputs, form.values) })}
              />
            </p>
          ) : null}
          {inputs.length === 0 ? <p className="muted">{t('run.none')}</p> : null}
          <InputFields formId={formId} definitions={inputs} form={form} />
        </div>
        <div className="run-foot">
          <p className="sm mb-2">
            <Estimate detail={detail} />
            <CostRange workflow={entry.ref} />
          </p>
          <RunFoot form={form} whyNot={whyNot} runRef={runRef} />
          <Button needs="runs.plan" icon={ListChecks} className="w-full" onClick={() => setIsPlanOpen(true)}>
            {t('plan.act')}
          </Button>
        </div>
      </form>
      {isPlanOpen ? (
        <PlanDialog
          workflow={entry.ref}
          name={entry.name}
          inputs={toInputs(inputs, form.values)}
          whyNot={whyNot}
          onClose={() => setIsPlanOpen(false)}
        />
      ) : null}
    </section>
  );
}
