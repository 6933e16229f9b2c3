import { memo, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { plainText } from '../../../shared/ansi.ts';
import type { Json } from '../../../shared/json.ts';
import { formatCount } from '../../ui/format.ts';
import { JsonView } from '../../ui/json-view.tsx';
import { Markdown } from '../../ui/markdown.tsx';

interface SaidTextProps {
  readonly text: string;
  /** Pieces still come: then it is only text, laid out anew with each of them. */
  readonly isGrowing: boolean;
  readonly isWhole: boolean;
  readonly onWhole: () => void;
}

const MAX_TEXT = 12_000;
/** A growing text is laid out many times a second: only a short one as Markdown. */
const MAX_GROWING = 6_000;

/** A reply: JSON as a tree, everything else as Markdown. */
export const SaidText = memo(function SaidText({ text, isGrowing, isWhole, onWhole }: SaidTextProps) {
  const { t } = useTranslation('run');
  const json = useMemo(() => (isGrowing ? null : parseJson(text)), [text, isGrowing]);
  if (json !== null) return <JsonView value={json} label={t('talk.reply')} openLevels={3} />;
  const isCut = text.length > MAX_TEXT && !isWhole && !isGrowing;
  const shown = plainText(isCut ? text.slice(0, MAX_TEXT) : text);
  return (
    <>
      {isGrowing && shown.length > MAX_GROWING ? <div className="pre">{shown}</div> : <Markdown text={shown} />}
      {isCut ? (
        <button type="button" className="link-like sm" onClick={onWhole}>
          {t('talk.showAll', { value: formatCount(text.length) })}
        </button>
      ) : null}
    </>
  );
});

/** A reply that is one JSON object or list, also in one fenced block. */
function parseJson(text: string): Json | null {
  const inner = /^\s*```(?:json)?\s*\n([\s\S]*?)\n```\s*$/.exec(text)?.[1] ?? text.trim();
  if (!/^[[{]/.test(inner)) return null;
  try {
    return JSON.parse(inner) as Json;
  } catch {
    return null;
  }
}
