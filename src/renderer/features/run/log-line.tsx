import { CircleX, FoldVertical, TriangleAlert } from 'lucide-react';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { parseAnsi } from '../../../shared/ansi.ts';
import type { LogLine } from '../../../shared/model/run.ts';
import { classNames } from '../../ui/class-names.ts';
import { formatCount, formatExact } from '../../ui/format.ts';
import { Icon } from '../../ui/icon.tsx';
import { highlightSpans, type LogPiece } from './highlight.ts';
import { lineLink } from './run-address.ts';
import { markLine } from './run-store.ts';

/** More of one line is not drawn: a script may print a megabyte without a line end. Copy and download have all of it. */
const MAX_CHARS = 4000;

/** How the app says, in a line of its own, that lines are not there (of a stream that was too long, or that found no room). */
const LEFT_OUT = /^\[(\d+) lines are (?:left out|missing) here/;

/** `14:34:06.112`, in the zone of this machine. */
function clockOf(at: number): string {
  const date = new Date(at);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}

interface LogLineViewProps {
  readonly runId: string;
  readonly row: number;
  /** Null while the line is on its way. */
  readonly line: LogLine | null;
  readonly query: string;
  readonly isHit: boolean;
  readonly isWide: boolean;
}

/** One line: number, time, step, text. Looks are classes, the text is always text. */
export const LogLineView = memo(function LogLineView(props: LogLineViewProps) {
  const { t } = useTranslation('run');
  const { runId, row, line, query, isHit, isWide } = props;
  if (line === null) {
    return (
      <div className="line" data-row={row}>
        <span className={classNames('ln', isWide && 'wide')}>{row + 1}</span>
        <span className="wait" />
      </div>
    );
  }
  const leftOut = line.text.length > 200 ? null : LEFT_OUT.exec(line.text);
  if (leftOut !== null)
    return (
      <div className={classNames('line gap', isHit && 'hit')} data-row={row}>
        <LineNumber runId={runId} line={line.line} isWide={isWide} />
        <Icon of={FoldVertical} small />
        <span>
          {t(line.stream === 'log' ? 'log.missing' : 'log.leftOut', {
            count: Number(leftOut[1]),
            value: formatCount(Number(leftOut[1])),
          })}
        </span>
      </div>
    );
  const text = line.text.length > MAX_CHARS ? line.text.slice(0, MAX_CHARS) : line.text;
  return (
    <div className={classNames('line', isHit && 'hit')} data-row={row}>
      <LineNumber runId={runId} line={line.line} isWide={isWide} />
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

interface LineNumberProps {
  readonly runId: string;
  readonly line: number;
  readonly isWide: boolean;
}

/** A number that can be handed on: a click points at the line, its address opens the log there. */
function LineNumber({ runId, line, isWide }: LineNumberProps) {
  const { t } = useTranslation('run');
  return (
    <a
      className={classNames('ln', isWide && 'wide')}
      href={lineLink(runId, line)}
      title={t('log.lineLink')}
      tabIndex={-1}
      onClick={(event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        markLine(line);
      }}
    >
      {line}
    </a>
  );
}

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
