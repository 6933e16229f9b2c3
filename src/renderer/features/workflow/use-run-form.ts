import { useCallback, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { WorkflowDetail } from '../../../shared/contract/index.ts';
import { type ErrorRecord, toErrorRecord } from '../../../shared/errors.ts';
import type { JsonMap } from '../../../shared/model/workflow.ts';
import { getClient } from '../../app/bridge.ts';
import { runLink } from '../../app/links.ts';
import {
  checkField,
  checkForm,
  type FieldProblem,
  initialValues,
  type RawValues,
  refusedFields,
  toInputs,
} from './form-values.ts';

export interface RunForm {
  readonly values: RawValues;
  /** Sentence of each field that needs a change. */
  readonly errors: Readonly<Record<string, string>>;
  /** What the server says beyond single fields. */
  readonly refusal: ErrorRecord | null;
  readonly isStarting: boolean;
  readonly change: (name: string, value: string | boolean) => void;
  readonly check: (name: string) => void;
  readonly fill: (inputs: JsonMap) => void;
  /** Checks and starts; the first field with a problem gets the focus. */
  readonly submit: () => Promise<void>;
}

type Errors = Readonly<Record<string, string>>;
const without = (errors: Errors, name: string): Errors =>
  Object.fromEntries(Object.entries(errors).filter(([key]) => key !== name));

/** The form of one workflow: checked when a field is left, started when all is well. */
export function useRunForm(detail: WorkflowDetail, focusField: (name: string) => void): RunForm {
  const { t } = useTranslation('workflow');
  const navigate = useNavigate();
  const definitions = detail.workflow.inputs;
  const [values, setValues] = useState<RawValues>(() => initialValues(definitions));
  const [errors, setErrors] = useState<Errors>({});
  const [refusal, setRefusal] = useState<ErrorRecord | null>(null);
  const [isStarting, setIsStarting] = useState(false);
  const isBusy = useRef(false);
  const sentence = useCallback((problem: FieldProblem): string => t(problem.key, { ...problem.values }), [t]);

  const change = (name: string, value: string | boolean): void => {
    setValues((before) => ({ ...before, [name]: value }));
    setErrors((before) => without(before, name));
  };
  const check = (name: string): void => {
    const definition = definitions.find((each) => each.name === name);
    const problem = definition === undefined ? null : checkField(definition, values[name] ?? '');
    setErrors((before) => (problem === null ? without(before, name) : { ...before, [name]: sentence(problem) }));
  };
  const fill = (inputs: JsonMap): void => {
    setValues(initialValues(definitions, inputs));
    setErrors({});
    setRefusal(null);
  };
  const showFirst = (found: Errors): void => {
    setErrors(found);
    const first = definitions.find((definition) => found[definition.name] !== undefined);
    if (first !== undefined) focusField(first.name);
  };
  const refuse = (error: ErrorRecord): void => {
    const fields = refusedFields(error.details);
    const known = Object.fromEntries(
      Object.entries(fields).filter(([name]) => definitions.some((definition) => definition.name === name)),
    );
    if (Object.keys(known).length > 0) showFirst(known);
    if (Object.keys(known).length === 0 || Object.keys(known).length < Object.keys(fields).length) setRefusal(error);
  };
  const submit = async (): Promise<void> => {
    if (isBusy.current) return;
    const problems = checkForm(definitions, values);
    if (Object.keys(problems).length > 0) {
      showFirst(Object.fromEntries(Object.entries(problems).map(([name, problem]) => [name, sentence(problem)])));
      return;
    }
    isBusy.current = true;
    setIsStarting(true);
    setRefusal(null);
    try {
      const { runId } = await getClient().call('runs.start', {
        workflow: detail.entry.ref,
        inputs: toInputs(definitions, values),
      });
      await navigate(runLink(runId));
    } catch (thrown) {
      refuse(toErrorRecord(thrown));
    } finally {
      isBusy.current = false;
      setIsStarting(false);
    }
  };
  return { values, errors, refusal, isStarting, change, check, fill, submit };
}
