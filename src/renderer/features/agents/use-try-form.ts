import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ErrorRecord } from '../../../shared/errors.ts';
import type { JsonMap } from '../../../shared/json.ts';
import type { ToolOperationInfo } from '../../../shared/model/tool.ts';
import { type FieldProblem, refusedFields } from '../../ui/form-values.ts';
import { worded } from '../../ui/worded.ts';
import { formOf, type SchemaField, type SchemaForm } from './schema-form.ts';
import {
  paramsOf,
  parseParams,
  placeOf,
  problemsAt,
  problemsOf,
  type Raw,
  type RawGroup,
  startGroup,
} from './schema-values.ts';
import { callTool } from './tools-store.ts';

type Errors = Readonly<Record<string, string>>;
/** The place of the sentence about the JSON text. */
export const JSON_PLACE = '#json';

export interface TryFormState {
  readonly form: SchemaForm;
  readonly mode: 'form' | 'json';
  readonly raw: RawGroup;
  readonly text: string;
  readonly errors: Errors;
  readonly setMode: (mode: 'form' | 'json') => void;
  readonly setText: (text: string) => void;
  readonly change: (name: string, raw: Raw) => void;
  readonly leave: (place: string, field: SchemaField, raw: Raw | undefined) => void;
  /** The parameters when all is well; else null, and the first field with a problem gets the focus. */
  readonly checked: () => JsonMap | null;
  readonly call: (params: JsonMap) => Promise<void>;
}

const withoutBelow = (errors: Errors, place: string): Errors =>
  Object.fromEntries(Object.entries(errors).filter(([key]) => key !== place && key.indexOf(`${place}/`) !== 0));

/** What a refused call says about single parameters: as a list of problems, or as the one parameter it names. */
export function refusedPlaces(error: ErrorRecord): Errors {
  const { details } = error;
  const parameter = details?.parameter;
  return {
    ...refusedFields(details),
    ...(typeof parameter === 'string' ? { [parameter.replaceAll('.', '/')]: worded(error.message) } : {}),
  };
}

/** The form of one operation: fields or JSON, checked when a field is left and before the call. */
export function useTryForm(
  tool: string,
  operation: ToolOperationInfo,
  focusPlace: (place: string) => void,
): TryFormState {
  const { t } = useTranslation('form');
  const [form] = useState(() => formOf(operation.parameters));
  const [mode, setModeOnly] = useState<'form' | 'json'>(form.fields.length === 0 && form.takesOthers ? 'json' : 'form');
  const [raw, setRaw] = useState<RawGroup>(() => startGroup(form.fields));
  const [text, setTextOnly] = useState('{}');
  const [errors, setErrors] = useState<Errors>({});
  const isBusy = useRef(false);
  const sentences = (problems: Readonly<Record<string, FieldProblem>>): Errors =>
    Object.fromEntries(Object.entries(problems).map(([place, { key, values }]) => [place, t(key, { ...values })]));
  const badJson = { [JSON_PLACE]: t('error.object') };
  const show = (found: Errors): void => {
    setErrors(found);
    const first = Object.keys(found)[0];
    if (first !== undefined) focusPlace(first);
  };
  return {
    form,
    mode,
    raw,
    text,
    errors,
    setMode(next) {
      if (next === mode) return;
      const params = mode === 'json' ? parseParams(text) : null;
      if (next === 'json') setTextOnly(JSON.stringify(paramsSafely(form, raw), null, 2));
      else if (params === null) return show(badJson);
      else setRaw(startGroup(form.fields, params));
      setErrors({});
      setModeOnly(next);
    },
    setText(next) {
      setTextOnly(next);
      setErrors({});
    },
    change(name, next) {
      setRaw((before) => ({ ...before, [name]: next }));
      setErrors((before) => withoutBelow(before, name));
    },
    leave(place, field, value) {
      const found = sentences(problemsAt(field, value, place));
      if (found[place] !== undefined) setErrors((before) => ({ ...before, [place]: found[place] ?? '' }));
    },
    checked() {
      if (mode === 'json') {
        const params = parseParams(text);
        if (params === null) show(badJson);
        return params;
      }
      const found = sentences(problemsOf(form.fields, raw));
      show(found);
      return Object.keys(found).length === 0 ? paramsOf(form.fields, raw) : null;
    },
    async call(params) {
      if (isBusy.current) return;
      isBusy.current = true;
      const refusal = await callTool(tool, operation.name, params);
      isBusy.current = false;
      if (refusal === null || mode === 'json') return;
      const names = new Set(form.fields.map((field) => field.name));
      const known = Object.entries(refusedPlaces(refusal)).filter(([place]) => names.has(place.split('/')[0] ?? ''));
      if (known.length > 0) show(Object.fromEntries(known));
    },
  };
}

/** What stands in the fields now, without what is not right yet. */
function paramsSafely(form: SchemaForm, raw: RawGroup): JsonMap {
  const fine = form.fields.filter(
    (field) => Object.keys(problemsAt(field, raw[field.name], placeOf('', field.name))).length === 0,
  );
  return paramsOf(fine, raw);
}
