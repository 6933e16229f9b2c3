import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { plainText } from '../../../shared/ansi.ts';
import type { RunFile } from '../../../shared/contract/index.ts';
import { isJsonMap, type Json } from '../../../shared/json.ts';
import { labelOf } from '../../ui/form-values.ts';
import { formatNumber } from '../../ui/format.ts';
import { JsonView } from '../../ui/json-view.tsx';
import { fileNamed } from './main-file.ts';

interface OutputWordsProps {
  readonly value: Json;
  /** What it is, for screen readers. */
  readonly label: string;
  readonly files: readonly RunFile[];
  readonly onFile: (path: string) => void;
}

const MAX_TEXT = 600;
const MAX_ITEMS = 10;
/** Deeper, and longer, a tree says more than a sentence. */
const MAX_FIELDS = 6;
const WEB_LINK = /^https?:\/\/[^\s<>"]+$/i;

const isScalar = (value: Json): value is string | number | boolean | null =>
  value === null || typeof value !== 'object';
const isFlat = (value: Json): boolean =>
  isScalar(value) ||
  (isJsonMap(value) && Object.keys(value).length <= MAX_FIELDS && Object.values(value).every(isScalar));

/** An output in words: a number as people write it, a list as a list, a file and a web address to follow; only a deep value is a tree. */
export function OutputWords({ value, label, files, onFile }: OutputWordsProps) {
  const { t } = useTranslation('run');
  const [isWhole, setIsWhole] = useState(false);
  const flat = (each: Json): ReactNode => <FlatWords value={each} files={files} onFile={onFile} />;
  if (isFlat(value)) return flat(value);
  if (!Array.isArray(value) || !value.every(isFlat)) return <JsonView value={value} label={label} openLevels={2} />;
  if (value.length === 0) return <span className="muted">{t('result.none')}</span>;
  const shown = isWhole ? value.slice(0, 1000) : value.slice(0, MAX_ITEMS);
  return (
    <>
      <ul className="result-list" aria-label={label}>
        {shown.map((each: Json, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the items of an output never move
          <li key={at}>{flat(each)}</li>
        ))}
      </ul>
      {shown.length < value.length && !isWhole ? (
        <button type="button" className="more" onClick={() => setIsWhole(true)}>
          {t('result.more', { count: value.length - shown.length })}
        </button>
      ) : null}
    </>
  );
}

function FlatWords({ value, files, onFile }: Omit<OutputWordsProps, 'label'>) {
  if (isScalar(value)) return <ScalarWords value={value} files={files} onFile={onFile} />;
  if (!isJsonMap(value)) return null;
  return Object.entries(value).map(([name, each], at) => (
    <span key={name}>
      {at === 0 ? null : ' · '}
      <span className="muted">{labelOf(name)}</span>{' '}
      {isScalar(each) ? <ScalarWords value={each} files={files} onFile={onFile} /> : null}
    </span>
  ));
}

function ScalarWords({ value, files, onFile }: Omit<OutputWordsProps, 'label'>) {
  const { t } = useTranslation('run');
  const [isWhole, setIsWhole] = useState(false);
  if (value === null || value === '') return <span className="muted">{t('result.none')}</span>;
  if (typeof value === 'boolean') return t(value ? 'result.yes' : 'result.no');
  if (typeof value === 'number') return formatNumber(value);
  const text = plainText(String(value));
  const file = fileNamed(files, text);
  if (file !== null)
    return (
      <button type="button" className="more" onClick={() => onFile(file.path)}>
        {file.path}
      </button>
    );
  if (WEB_LINK.test(text))
    return (
      <a href={text} target="_blank" rel="noreferrer noopener">
        {text}
      </a>
    );
  const isCut = text.length > MAX_TEXT && !isWhole;
  return (
    <span className="said-text">
      {isCut ? `${text.slice(0, MAX_TEXT)}…` : text}
      {isCut ? (
        <button type="button" className="more" onClick={() => setIsWhole(true)}>
          {t('everywhere:json.showAll', { count: text.length })}
        </button>
      ) : null}
    </span>
  );
}
