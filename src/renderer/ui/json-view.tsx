import { ChevronDown } from 'lucide-react';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Json } from '../../shared/json.ts';
import { Icon } from './icon.tsx';
import './json-view.css';

const CHUNK = 100;
const MAX_TEXT = 300;

interface JsonViewProps {
  readonly value: Json;
  /** What it is, for screen readers. */
  readonly label: string;
  /** How many levels stand open at first. */
  readonly openLevels?: number;
}

/** Any JSON value to look into: parts open and close, long lists and texts are cut with a way to see all. */
export function JsonView({ value, label, openLevels = 2 }: JsonViewProps) {
  const entries = entriesOf(value);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a group of values, not of form fields
    <div className="json" role="group" aria-label={label}>
      {entries === null ? <Leaf value={value} /> : <Entries entries={entries} depth={1} openLevels={openLevels} />}
    </div>
  );
}

type Entry = readonly [key: string, value: Json];

function entriesOf(value: Json): readonly Entry[] | null {
  if (value === null || typeof value !== 'object') return null;
  return Array.isArray(value)
    ? value.map((each: Json, at) => [String(at), each] as const)
    : Object.entries(value as Readonly<Record<string, Json>>);
}

interface EntriesProps {
  readonly entries: readonly Entry[];
  readonly depth: number;
  readonly openLevels: number;
}

function Entries({ entries, depth, openLevels }: EntriesProps) {
  const { t } = useTranslation();
  const [shown, setShown] = useState(CHUNK);
  const rest = entries.length - shown;
  return (
    <ul>
      {entries.slice(0, shown).map(([key, value]) => (
        <EntryView key={key} name={key} value={value} depth={depth} openLevels={openLevels} />
      ))}
      {rest > 0 ? (
        <li>
          <button type="button" className="more" onClick={() => setShown(shown + CHUNK * 10)}>
            {t('everywhere:json.more', { count: Math.min(rest, CHUNK * 10), total: entries.length })}
          </button>
        </li>
      ) : null}
    </ul>
  );
}

interface EntryViewProps {
  readonly name: string;
  readonly value: Json;
  readonly depth: number;
  readonly openLevels: number;
}

function EntryView({ name, value, depth, openLevels }: EntryViewProps) {
  const { t } = useTranslation();
  const entries = entriesOf(value);
  const [isOpen, setIsOpen] = useState(depth < openLevels && (entries?.length ?? 0) <= 30);
  const id = useId();
  if (entries === null || entries.length === 0) {
    return (
      <li>
        <span className="key">{name}</span>
        {entries === null ? <Leaf value={value} /> : <span className="size">{Array.isArray(value) ? '[]' : '{}'}</span>}
      </li>
    );
  }
  return (
    <li>
      <button
        type="button"
        className="turn"
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => setIsOpen(!isOpen)}
      >
        <Icon of={ChevronDown} />
        <span>
          <span className="key">{name}</span>
          <span className="size">
            {t(Array.isArray(value) ? 'everywhere:json.items' : 'everywhere:json.fields', { count: entries.length })}
          </span>
        </span>
      </button>
      <div id={id}>{isOpen ? <Entries entries={entries} depth={depth + 1} openLevels={openLevels} /> : null}</div>
    </li>
  );
}

function Leaf({ value }: { readonly value: Json }) {
  const { t } = useTranslation();
  const [isWhole, setIsWhole] = useState(false);
  if (typeof value === 'number') return <span className="num">{String(value)}</span>;
  if (typeof value !== 'string') return <span className="word">{value === null ? 'null' : JSON.stringify(value)}</span>;
  const isCut = value.length > MAX_TEXT && !isWhole;
  return (
    <>
      <span className="str">{isCut ? `"${value.slice(0, MAX_TEXT)}…` : `"${value}"`}</span>
      {isCut ? (
        <button type="button" className="more" onClick={() => setIsWhole(true)}>
          {t('everywhere:json.showAll', { count: value.length })}
        </button>
      ) : null}
    </>
  );
}
