import { Plus, Trash2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/button.tsx';
import { Field, FieldHelp, TextArea } from '../../ui/field.tsx';
import { labelOf } from '../../ui/form-values.ts';
import { InputField } from '../../ui/input-field.tsx';
import type { GroupField, JsonField, LeafField, ListField, SchemaField } from './schema-form.ts';
import { asList, placeOf, type Raw, type RawGroup, startRaw } from './schema-values.ts';

interface SchemaFieldProps<F extends SchemaField = SchemaField> {
  readonly field: F;
  readonly raw: Raw | undefined;
  /** Place in the form; the control's id is `${formId}-${place}`. */
  readonly place: string;
  readonly formId: string;
  /** Sentences of what needs a change, by place. */
  readonly errors: Readonly<Record<string, string>>;
  readonly onChange: (raw: Raw) => void;
  /** A field was left: it is checked. */
  readonly onLeave: (place: string, field: SchemaField) => void;
}

/** One part of a JSON Schema as a field, a group of fields or a list of them. */
export function SchemaFieldView(props: SchemaFieldProps) {
  switch (props.field.kind) {
    case 'leaf':
      return <LeafView {...props} field={props.field} />;
    case 'json':
      return <JsonFieldView {...props} field={props.field} />;
    case 'group':
      return <GroupView {...props} field={props.field} />;
    case 'list':
      return <ListView {...props} field={props.field} />;
  }
}

function LeafView({ field, raw, place, formId, errors, onChange, onLeave }: SchemaFieldProps<LeafField>) {
  return (
    <InputField
      id={`${formId}-${place}`}
      definition={field.definition}
      value={typeof raw === 'object' || raw === undefined ? '' : raw}
      error={errors[place] ?? null}
      onChange={onChange}
      onBlur={() => onLeave(place, field)}
    />
  );
}

function JsonFieldView({ field, raw, place, formId, errors, onChange, onLeave }: SchemaFieldProps<JsonField>) {
  const { t } = useTranslation('form');
  const id = `${formId}-${place}`;
  const error = errors[place] ?? null;
  return (
    <Field
      id={id}
      label={<span title={field.name}>{labelOf(field.name)}</span>}
      note={field.isRequired ? undefined : t('everywhere:optional')}
      help={[field.description, t('hintJson')].filter((text) => text !== '').join('. ')}
      error={error}
    >
      <TextArea
        id={id}
        className="font-mono text-sm"
        rows={3}
        value={typeof raw === 'string' ? raw : ''}
        isBad={error !== null}
        aria-describedby={`${id}-help`}
        onChange={(event) => onChange(event.target.value)}
        onBlur={() => onLeave(place, field)}
      />
    </Field>
  );
}

function GroupView({ field, raw, place, ...rest }: SchemaFieldProps<GroupField>) {
  const { t } = useTranslation('form');
  const values: RawGroup = typeof raw === 'object' && !Array.isArray(raw) ? (raw as RawGroup) : {};
  return (
    <fieldset className="part">
      <legend>
        <span title={field.name}>{labelOf(field.name)}</span>
        {field.isRequired ? null : <span className="opt">{t('everywhere:optional')}</span>}
      </legend>
      {field.description === '' ? null : <p className="help">{field.description}</p>}
      {field.fields.map((child) => (
        <SchemaFieldView
          key={child.name}
          {...rest}
          field={child}
          raw={values[child.name]}
          place={placeOf(place, child.name)}
          onChange={(next) => rest.onChange({ ...values, [child.name]: next })}
        />
      ))}
    </fieldset>
  );
}

function ListView({ field, raw, place, ...rest }: SchemaFieldProps<ListField>) {
  const { t } = useTranslation('form');
  const list = asList(raw);
  const name = labelOf(field.name);
  const id = `${rest.formId}-${place}`;
  const isFull = list.length >= field.maxItems;
  return (
    <fieldset className="part" id={id} tabIndex={-1} aria-describedby={`${id}-help`}>
      <legend>
        <span title={field.name}>{name}</span>
        {field.isRequired ? null : <span className="opt">{t('everywhere:optional')}</span>}
      </legend>
      {list.map((item, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: an item has no identity but its place
        <div key={at} className="part-item">
          <div className="grow">
            <SchemaFieldView
              {...rest}
              field={itemField(field, at)}
              raw={item}
              place={placeOf(place, at)}
              onChange={(next) => rest.onChange(list.map((each, other) => (other === at ? next : each)))}
            />
          </div>
          <Button
            variant="ghost"
            icon={Trash2}
            label={t('list.remove', { name, number: at + 1 })}
            onClick={() => rest.onChange(list.filter((_, other) => other !== at))}
          />
        </div>
      ))}
      <div className="row">
        <Button
          icon={Plus}
          reason={isFull ? t('list.full', { count: field.maxItems }) : null}
          onClick={() => rest.onChange([...list, startRaw(field.item)])}
        >
          {t('list.add', { name })}
        </Button>
      </div>
      <FieldHelp id={id} help={field.description} error={rest.errors[place] ?? null} />
    </fieldset>
  );
}

/** An item is named by its number. */
function itemField({ item, name }: ListField, at: number): SchemaField {
  const own = `${name} ${at + 1}`;
  return item.kind === 'leaf'
    ? { ...item, name: own, definition: { ...item.definition, name: own } }
    : { ...item, name: own };
}
