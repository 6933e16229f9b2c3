import { useTranslation } from 'react-i18next';
import { plainText } from '../../../shared/ansi.ts';
import { isJsonMap, type Json, type JsonMap } from '../../../shared/json.ts';
import { labelOf } from '../form-values.ts';
import { formatCount, formatNumber } from '../format.ts';
import { JsonView } from '../json-view.tsx';

const MAX_ROWS = 100;
const MAX_COLUMNS = 6;
/** Longer texts stand in a box of their own that scrolls. */
const LONG_TEXT = 200;

type Scalar = string | number | boolean | null;
const isScalar = (value: Json | undefined): value is Scalar =>
  value === null || value === undefined || typeof value !== 'object';

/** The columns of a list whose items are alike and flat; null where it is none. */
function columnsOf(value: Json): readonly string[] | null {
  if (!Array.isArray(value) || value.length === 0 || !value.every(isJsonMap)) return null;
  const columns = [...new Set(value.flatMap((item: JsonMap) => Object.keys(item)))];
  const isTable = columns.length <= MAX_COLUMNS && value.every((item: JsonMap) => Object.values(item).every(isScalar));
  return isTable ? columns : null;
}

interface ValueViewProps {
  readonly value: Json;
  /** What it is, for screen readers. */
  readonly label: string;
}

/** A value as it is, for somebody who decides about it: nothing is left out, long texts scroll, lists of like things are tables. */
export function ValueView({ value, label }: ValueViewProps) {
  const columns = columnsOf(value);
  if (isScalar(value)) return <ScalarView value={value} label={label} />;
  if (columns !== null) return <ItemTable items={value as readonly JsonMap[]} columns={columns} label={label} />;
  if (Array.isArray(value) && value.length > 0 && value.length <= MAX_ROWS && value.every(isScalar))
    return (
      <ul className="value-list" aria-label={label}>
        {value.map((item: Json, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the items of a value never move
          <li key={at}>{isScalar(item) ? <ScalarView value={item} label={label} /> : null}</li>
        ))}
      </ul>
    );
  return <JsonView value={value} label={label} openLevels={3} />;
}

function ScalarView({ value, label }: { readonly value: Scalar; readonly label: string }) {
  const { t } = useTranslation('approvals');
  if (value === null || value === '') return <span className="muted">{t('value.none')}</span>;
  if (typeof value === 'boolean') return t(value ? 'value.yes' : 'value.no');
  if (typeof value === 'number') return formatNumber(value);
  const text = plainText(value);
  return text.length > LONG_TEXT || text.includes('\n') ? (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region must be reachable by keyboard
    <section className="value-text boxed" tabIndex={0} aria-label={label}>
      {text}
    </section>
  ) : (
    <span className="value-text">{text}</span>
  );
}

interface ItemTableProps {
  readonly items: readonly JsonMap[];
  readonly columns: readonly string[];
  readonly label: string;
}

function ItemTable({ items, columns, label }: ItemTableProps) {
  const { t } = useTranslation('approvals');
  const more = items.length - MAX_ROWS;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region must be reachable by keyboard
    <section className="value-table" tabIndex={0} aria-label={label}>
      <table className="inset">
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col" title={column}>
                {labelOf(column)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {items.slice(0, MAX_ROWS).map((item, row) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the rows of a value never move
            <tr key={row}>
              {columns.map((column) => {
                const cell = item[column];
                return (
                  <td key={column}>{isScalar(cell) ? <ScalarView value={cell ?? null} label={column} /> : null}</td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
      {more > 0 ? (
        <details className="sm">
          <summary className="muted">{t('value.more', { count: more, value: formatCount(more) })}</summary>
          <JsonView value={items.slice(MAX_ROWS)} label={label} openLevels={1} />
        </details>
      ) : null}
    </section>
  );
}

/** Arguments, or the fields of an output: what each is called beside what it is. */
export function FieldTable({ fields, label }: { readonly fields: JsonMap; readonly label: string }) {
  return (
    <table className="inset args" aria-label={label}>
      <tbody>
        {Object.entries(fields).map(([name, value]) => (
          <tr key={name}>
            <th scope="row" title={name}>
              {labelOf(name)}
            </th>
            <td>
              <ValueView value={value} label={labelOf(name)} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
