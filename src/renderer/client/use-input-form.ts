import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type ErrorRecord, toErrorRecord } from '../../shared/errors.ts';
import type { JsonMap } from '../../shared/json.ts';
import type { InputDefinition } from '../../shared/model/workflow.ts';
import {
  checkField,
  checkForm,
  type FieldProblem,
  initialValues,
  type RawValues,
  refusedFields,
  toInputs,
} from '../ui/form-values.ts';
import { useDraft } from './use-draft.ts';

/** A form of a workflow's inputs: checked when a field is left, sent when all is well. */
export interface InputForm {
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

interface Fields {
  readonly values: RawValues;
  readonly errors: Errors;
  readonly setErrors: (errors: Errors) => void;
  readonly change: InputForm['change'];
  readonly check: InputForm['check'];
  readonly fill: InputForm['fill'];
  /** What was typed has been used. */
  readonly forget: () => void;
  /** Every sentence of a field that needs a change. */
  readonly checkAll: () => Errors;
}

/** Of what was typed, what may be kept: fields that there are, and no secret. */
const knownOf = (definitions: readonly InputDefinition[], values: RawValues): RawValues =>
  Object.fromEntries(
    definitions.flatMap(({ name, secret }) => {
      const value = values[name];
      return secret || value === undefined ? [] : [[name, value]];
    }),
  );

/** The fields and what is wrong with them. */
function useFields(definitions: readonly InputDefinition[], draftName: string, given: JsonMap): Fields {
  const { t } = useTranslation('form');
  const [draft, keepDraft] = useDraft<RawValues>(draftName);
  /** Only what somebody changed: the rest is as the definitions say, which may come later or be others by now. */
  const [typed, setOnly] = useState<RawValues>(draft ?? {});
  const values: RawValues = { ...initialValues(definitions, given), ...typed };
  const setTyped = (next: RawValues): void => {
    setOnly(next);
    keepDraft(knownOf(definitions, next));
  };
  const [errors, setErrors] = useState<Errors>({});
  const sentence = (problem: FieldProblem): string => t(problem.key, { ...problem.values });
  return {
    values,
    errors,
    setErrors,
    change(name, value) {
      setTyped({ ...typed, [name]: value });
      setErrors((before) => without(before, name));
    },
    check(name) {
      const definition = definitions.find((each) => each.name === name);
      const problem = definition === undefined ? null : checkField(definition, values[name] ?? '');
      // a sentence of the server about an unchanged value stays until the value changes
      if (problem !== null) setErrors((before) => ({ ...before, [name]: sentence(problem) }));
    },
    fill(inputs) {
      setTyped(initialValues(definitions, inputs));
      setErrors({});
    },
    forget: () => keepDraft(null),
    checkAll: () =>
      Object.fromEntries(
        Object.entries(checkForm(definitions, values)).map(([name, problem]) => [name, sentence(problem)]),
      ),
  };
}

interface InputFormOptions {
  readonly definitions: readonly InputDefinition[];
  /** What was typed is kept under this name until it is used. */
  readonly draftName: string;
  /** What stands in the fields at first, beside the defaults. */
  readonly given?: JsonMap;
  /** Does what the form is for; what it rejects with is shown beside the fields, or above them. */
  readonly send: (inputs: JsonMap) => Promise<void>;
  readonly focusField: (name: string) => void;
}

const NOTHING: JsonMap = {};

/** The form of inputs and what becomes of it; the first field with a problem gets the focus. */
export function useInputForm({
  definitions,
  draftName,
  given = NOTHING,
  send,
  focusField,
}: InputFormOptions): InputForm {
  const { setErrors, checkAll, forget, ...fields } = useFields(definitions, draftName, given);
  const [refusal, setRefusal] = useState<ErrorRecord | null>(null);
  const [isStarting, setIsStarting] = useState(false);
  const isBusy = useRef(false);

  const show = (found: Errors): void => {
    setErrors(found);
    const first = definitions.find((definition) => found[definition.name] !== undefined);
    if (first !== undefined) focusField(first.name);
  };
  const start = async (): Promise<void> => {
    try {
      await send(toInputs(definitions, fields.values));
      forget();
    } catch (thrown) {
      const error = toErrorRecord(thrown);
      const named = Object.entries(refusedFields(error.details));
      const known = named.filter(([name]) => definitions.some((definition) => definition.name === name));
      show(Object.fromEntries(known));
      if (known.length === 0 || known.length < named.length) setRefusal(error);
    }
  };
  const submit = async (): Promise<void> => {
    if (isBusy.current) return;
    const found = checkAll();
    setRefusal(null);
    if (Object.keys(found).length > 0) {
      show(found);
      return;
    }
    isBusy.current = true;
    setIsStarting(true);
    await start();
    isBusy.current = false;
    setIsStarting(false);
  };
  return { ...fields, refusal, isStarting, submit };
}
