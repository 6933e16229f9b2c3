import { CircleX, TriangleAlert } from 'lucide-react';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import type { LogLine } from '../../../shared/model/run.ts';
import { parseAnsi } from '../../ui/ansi.ts';
import { classNames } from '../../ui/class-names.ts';
import { formatExact } from '../../ui/format.ts';
import { Icon } from '../../ui/icon.tsx';
import { highlightSpans, type LogPiece } from './highlight.ts';

/** More of one line is not drawn: a script may print a megabyte without a line end. Copy and download have all of it. */
const MAX_CHARS = 4000;

/** `14:34:06.112`, in the zone of this machine. */
function clockOf(at: number): string {
  const date = new Date(at);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}

interface LogLineViewProps {
  readonly row: number;
  /** Null while the line is on its way. */
  readonly line: LogLine | null;
  readonly query: string;
  readonly isHit: boolean;
  readonly isWide: boolean;
}

/** One line: number, time, step, text. Looks are classes, the text is always text. */
export const LogLineView = memo(function LogLineView({ row, line, query, isHit, isWide }: LogLineViewProps) {
  const { t } = useTranslation('run');
  if (line === null) {
    return (
      <div className="line" data-row={row}>
        <span className={classNames('ln', isWide && 'wide')}>{row + 1}</span>
        <span className="wait" />
      </div>
    );
  }
  const text = line.text.length > MAX_CHARS ? line.text.slice(0, MAX_CHARS) : line.text;
  return (
    <div className={classNames('line', isHit && 'hit')} data-row={row}>
      <span className={classNames('ln', isWide && 'wide')}>{line.line}</span>
      <time dateTime={new Date(line.at).toISOString()} title={formatExact(line.at)}>
        {clockOf(line.at)}
      </time>
      <span className="src" title={line.path}>
        {line.path}
      </span>
      <LevelMark line={line} />
      <span className="tx">
        {highlightSpans(parseAnsi(text), query).map((piece, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a line never move
          <Piece key={at} piece={piece} />
        ))}
        {text.length < line.text.length ? (
          <span className="a-dim"> {t('log.cut', { count: line.text.length - MAX_CHARS })}</span>
        ) : null}
      </span>
    </div>
  );
});

/** Trouble has a mark; what a script merely writes to stderr is no trouble, most write their progress there. */
function LevelMark({ line: { level, stream } }: { readonly line: LogLine }) {
  const { t } = useTranslation('run');
  const isTrouble = level === 'error' || (level === 'warning' && stream === 'log');
  if (!isTrouble) return <span className="bad" />;
  const name = t(`log.level.${level}`);
  return (
    <span
      className={classNames('bad', level === 'error' ? 'a-red' : 'a-yellow')}
      role="img"
      aria-label={name}
      title={name}
    >
      <Icon of={level === 'error' ? CircleX : TriangleAlert} />
    </span>
  );
}

function Piece({ piece }: { readonly piece: LogPiece }) {
  const names = classNames(
    piece.color !== null && `a-${piece.color}`,
    piece.bold && 'font-semibold',
    piece.underline && 'underline',
  );
  if (piece.hit) return <mark className={names}>{piece.text}</mark>;
  return names === '' ? piece.text : <span className={names}>{piece.text}</span>;
}
