import { Play } from 'lucide-react';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { JsonMap } from '../../../shared/json.ts';
import type { ToolDetail, ToolOperationInfo } from '../../../shared/model/tool.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field, TextArea } from '../../ui/field.tsx';
import { formatDuration } from '../../ui/format.ts';
import { JsonView } from '../../ui/json-view.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { useNow } from '../../ui/use-now.ts';
import { CallResult } from './call-result.tsx';
import { SchemaFieldView } from './schema-field.tsx';
import type { SchemaField } from './schema-form.ts';
import type { Raw, RawGroup } from './schema-values.ts';
import { effectWord } from './tool-marks.tsx';
import { callKey, useTools } from './tools-store.ts';
import { JSON_PLACE, type TryFormState, useTryForm } from './use-try-form.ts';

interface TryFormProps {
  readonly detail: ToolDetail;
  readonly operation: ToolOperationInfo;
}

/** Calls one operation with what stands in the fields. What may change something outside asks first. */
export function TryForm({ detail, operation }: TryFormProps) {
  const { t } = useTranslation('tools');
  const formId = useId();
  const tool = detail.name;
  const [asking, setAsking] = useState<JsonMap | null>(null);
  const focus = (place: string): void => document.getElementById(`${formId}-${place}`)?.focus();
  const state = useTryForm(tool, operation, focus);
  const call = useTools((tools) => tools.calls.get(callKey(tool, operation.name)) ?? null);
  const isRunning = call?.status === 'running';
  const reason = detail.change === null ? null : t('try.changed');
  const submit = (): void => {
    if (isRunning || reason !== null) return;
    const params = state.checked();
    if (params === null) return;
    if (operation.effect === 'effect') setAsking(params);
    else void state.call(params);
  };
  return (
    <form
      className="try"
      noValidate
      aria-label={t('try.name', { operation: operation.name })}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <div className="head">
        <h4>{t('try.title')}</h4>
        <span className="grow" />
        <Segmented
          label={t('try.mode')}
          value={state.mode}
          choices={[
            { value: 'form', label: t('try.form') },
            { value: 'json', label: t('try.json') },
          ]}
          onChoose={state.setMode}
        />
      </div>
      {state.mode === 'form' ? <Fields state={state} formId={formId} /> : <JsonText state={state} formId={formId} />}
      <p className="sm muted">{t(`effect.text.${effectWord(operation)}`)}</p>
      <div className="row flex-wrap" role="status">
        <Button
          type="submit"
          variant="primary"
          needs="tools.call"
          icon={Play}
          reason={reason ?? (isRunning ? t('try.running') : null)}
        >
          {t('try.act')}
        </Button>
        {call?.status === 'running' ? <Elapsed since={call.startedAt} /> : null}
      </div>
      {call === null ? null : <CallResult call={call} />}
      <EffectDialog
        name={callKey(tool, operation.name)}
        params={asking}
        onClose={() => setAsking(null)}
        onCall={(params) => {
          setAsking(null);
          void state.call(params);
        }}
      />
    </form>
  );
}

function Elapsed({ since }: { readonly since: number }) {
  const now = useNow(100);
  return <span className="muted">{formatDuration(now - since)}</span>;
}

/** More of them are folded away; required ones never are. */
const SHOWN = 8;

interface FieldsProps {
  readonly state: TryFormState;
  readonly formId: string;
}

function Fields({ state, formId }: FieldsProps) {
  const { t } = useTranslation('tools');
  const { fields, takesOthers } = state.form;
  const required = fields.filter((field) => field.isRequired).length;
  const first = fields.length <= SHOWN + 2 ? fields.length : Math.max(required, SHOWN);
  const rest = fields.slice(first);
  const hasErrorBelow = rest.some((field) => errorBelow(state.errors, field.name));
  const view = (field: SchemaField) => (
    <SchemaFieldView
      key={field.name}
      field={field}
      raw={state.raw[field.name]}
      place={field.name}
      formId={formId}
      errors={state.errors}
      onChange={(raw) => state.change(field.name, raw)}
      onLeave={(place, left) => state.leave(place, left, rawAt(state.raw, place))}
    />
  );
  return (
    <div className="try-fields">
      {fields.length === 0 ? <p className="muted">{t('try.noParameters')}</p> : null}
      {fields.slice(0, first).map(view)}
      {rest.length === 0 ? null : (
        <details open={hasErrorBelow || undefined}>
          <summary className="muted">{t('try.more', { count: rest.length })}</summary>
          <div className="try-fields mt-3">{rest.map(view)}</div>
        </details>
      )}
      {takesOthers && fields.length > 0 ? <p className="sm muted">{t('try.others')}</p> : null}
    </div>
  );
}

const errorBelow = (errors: Readonly<Record<string, string>>, name: string): boolean =>
  Object.keys(errors).some((place) => place.split('/')[0] === name);

/** What stands at a place such as `customer/lines/0/amount`. */
function rawAt(raw: RawGroup, place: string): Raw | undefined {
  let value: Raw | undefined = raw;
  for (const part of place.split('/')) {
    if (typeof value !== 'object') return undefined;
    value = Array.isArray(value) ? value[Number(part)] : (value as RawGroup)[part];
  }
  return value;
}

function JsonText({ state, formId }: FieldsProps) {
  const { t } = useTranslation('tools');
  const id = `${formId}-${JSON_PLACE}`;
  const error = state.errors[JSON_PLACE] ?? null;
  return (
    <Field id={id} label={t('try.parameters')} help={t('try.jsonHelp')} error={error}>
      <TextArea
        id={id}
        className="font-mono text-sm"
        rows={8}
        value={state.text}
        isBad={error !== null}
        aria-describedby={`${id}-help`}
        onChange={(event) => state.setText(event.target.value)}
      />
    </Field>
  );
}

interface EffectDialogProps {
  readonly name: string;
  readonly params: JsonMap | null;
  readonly onClose: () => void;
  readonly onCall: (params: JsonMap) => void;
}

function EffectDialog({ name, params, onClose, onCall }: EffectDialogProps) {
  const { t } = useTranslation('tools');
  return (
    <Dialog
      isOpen={params !== null}
      onClose={onClose}
      title={t('ask.title', { name })}
      description={t('ask.text')}
      footer={
        <>
          <Button onClick={onClose}>{t('ask.back')}</Button>
          <Button variant="primary" needs="tools.call" onClick={() => (params === null ? undefined : onCall(params))}>
            {t('ask.act')}
          </Button>
        </>
      }
    >
      <JsonView value={params} label={t('try.parameters')} openLevels={4} />
    </Dialog>
  );
}
