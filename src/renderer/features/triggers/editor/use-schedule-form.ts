import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Foreseen, TriggerDetail } from '../../../../shared/contract/index.ts';
import type { ErrorRecord } from '../../../../shared/errors.ts';
import { sentencesOf } from '../../../../shared/model/diagnostic.ts';
import type { InputDefinition } from '../../../../shared/model/workflow.ts';
import { call } from '../../../client/bridge.ts';
import { triggerList } from '../../../client/trigger-queries.ts';
import { type InputForm, useInputForm } from '../../../client/use-input-form.ts';
import { useQuery } from '../../../client/use-query.ts';
import { hintOf } from '../../../ui/error-hint.ts';
import { toInputs } from '../../../ui/form-values.ts';
import { ownZone } from '../../../ui/format.ts';
import { worded } from '../../../ui/worded.ts';
import {
  foreseeInput,
  nameProblem,
  ownInputs,
  type ScheduleDraft,
  saveInput,
  type WrittenInputs,
} from './schedule-draft.ts';
import { useForeseen } from './use-foreseen.ts';

/** Keys of the file that have a field: what is wrong with one of them is said there. */
const FIELD_KEYS = [
  'workflow_id',
  'id',
  'schedule',
  'timezone',
  'starts_at',
  'ends_at',
  'exclude',
  'jitter',
  'catch_up_window',
] as const;

interface ScheduleFormOptions {
  readonly draft: ScheduleDraft;
  /** Null: it is new. */
  readonly trigger: TriggerDetail | null;
  /** The inputs that the form shows. */
  readonly definitions: readonly InputDefinition[];
  readonly written: WrittenInputs;
  readonly draftName: string;
  readonly formId: string;
  readonly onSaved: (saved: TriggerDetail) => void;
}

export interface ScheduleForm {
  readonly form: InputForm;
  readonly plan: Foreseen | null;
  readonly lookAgain: () => void;
  readonly fieldId: (key: string) => string;
  readonly errorOf: (key: string) => string | null;
  /** What is wrong and has no field. */
  readonly refusal: ErrorRecord | null;
  readonly submit: () => Promise<void>;
}

const keyOf = (error: ErrorRecord | null): string | undefined => {
  if (error?.code === 'workflow.not_found') return 'workflow_id';
  const key = error?.details?.key;
  return FIELD_KEYS.find((each) => each === key);
};
const wordsOf = (error: ErrorRecord): string => {
  const hint = hintOf(error);
  return sentencesOf({ message: worded(error.message), ...(hint === undefined ? {} : { fix: hint }) });
};

/** The inputs of the workflow with the rest of the schedule: what it would do as it stands, what is wrong where, and its saving. */
export function useScheduleForm(options: ScheduleFormOptions): ScheduleForm {
  const { draft, trigger, definitions, written, draftName, formId, onSaved } = options;
  const { t } = useTranslation('schedule');
  const triggers = useQuery(triggerList).value?.triggers ?? [];
  const fieldId = (key: string): string => `${formId}:${key}`;
  const focusKey = (key: string): void => document.getElementById(fieldId(key))?.focus();
  /** Of which draft the server has said no. */
  const refused = useRef('');
  const [isAsked, setIsAsked] = useState(false);
  const form = useInputForm({
    definitions,
    draftName,
    given: written.given,
    focusField: (name) => document.getElementById(`${formId}-${name}`)?.focus(),
    send: async (inputs) => {
      refused.current = JSON.stringify(draft);
      const own = ownInputs(inputs, definitions, written.given);
      onSaved(await call('schedules.save', saveInput(draft, { ...written.kept, ...own })));
    },
  });
  const inputs = ownInputs(toInputs(definitions, form.values), definitions, written.given);
  const asked = foreseeInput(draft, { ...written.kept, ...inputs });
  const { plan, error, refresh } = useForeseen(
    asked === null
      ? null
      : { ...asked, otherTimezone: ownZone(), ...(trigger === null ? {} : { trigger: trigger.key }) },
  );
  const refusal = refused.current === JSON.stringify(draft) ? form.refusal : null;
  const ownProblems: Readonly<Record<string, string>> = isAsked ? problemsOf() : {};

  function problemsOf(): Readonly<Record<string, string>> {
    const name = nameProblem(draft, triggers);
    return {
      ...(draft.workflow === '' ? { workflow_id: t('problem.workflow') } : {}),
      ...(name === null ? {} : { id: t(`problem.${name}`) }),
    };
  }
  const errorOf = (key: string): string | null => {
    const own = ownProblems[key];
    if (own !== undefined) return own;
    const said = [error, refusal].find((each) => keyOf(each) === key);
    return said == null ? null : wordsOf(said);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new answer of the server moves the focus, nothing else
  useEffect(() => {
    const key = keyOf(form.refusal);
    if (key !== undefined) focusKey(key);
  }, [form.refusal]);

  return {
    form,
    plan,
    lookAgain: refresh,
    fieldId,
    errorOf,
    refusal: [refusal, error].find((each) => each !== null && keyOf(each) === undefined) ?? null,
    async submit() {
      setIsAsked(true);
      const [first] = Object.keys(problemsOf());
      if (first === undefined) await form.submit();
      else focusKey(first);
    },
  };
}
