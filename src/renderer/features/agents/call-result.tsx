import { CircleCheck, TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { plainText } from '../../../shared/ansi.ts';
import type { ToolCallOutcome } from '../../../shared/model/tool.ts';
import { formatDuration } from '../../ui/format.ts';
import { Icon } from '../../ui/icon.tsx';
import { JsonView } from '../../ui/json-view.tsx';
import { ErrorNote, Note } from '../../ui/notes.tsx';
import { Said } from '../../ui/said.tsx';
import { TimeAgo } from '../../ui/time.tsx';
import type { CallState } from './tools-store.ts';

/** What a call gave: the value or the error, how long it took, what it said meanwhile. */
export function CallResult({ call }: { readonly call: CallState }) {
  const { t } = useTranslation('tools');
  if (call.status === 'running') return null;
  if (call.status === 'failed')
    return (
      <section className="call-result" aria-label={t('result.name')}>
        <p className="sm muted">
          {t('result.failedAfter', { duration: formatDuration(call.durationMs) })} · <TimeAgo at={call.endedAt} />
        </p>
        <ErrorNote error={call.error} />
      </section>
    );
  return (
    <section className="call-result" aria-label={t('result.name')}>
      <p className="sm row">
        <span className="status st-success">
          <Icon of={CircleCheck} />
          {t('result.done')}
        </span>
        <span className="muted">
          {formatDuration(call.outcome.durationMs)} · <TimeAgo at={call.endedAt} />
        </span>
      </p>
      {call.outcome.warnings.map((warning) => (
        <Note key={warning} tone="waiting" icon={TriangleAlert}>
          <Said text={warning} />
        </Note>
      ))}
      <Output outcome={call.outcome} />
      {call.outcome.log.length === 0 ? null : (
        <details>
          <summary className="sm muted">{t('result.log', { count: call.outcome.log.length })}</summary>
          <pre className="result-text">{call.outcome.log.map(plainText).join('\n')}</pre>
        </details>
      )}
    </section>
  );
}

const MAX_TEXT = 100_000;

/** Text as it is, everything else as a tree. What a tool says is shown, never obeyed: no markup, no control characters. */
function Output({ outcome: { output } }: { readonly outcome: ToolCallOutcome }) {
  const { t } = useTranslation('tools');
  if (typeof output !== 'string') return <JsonView value={output} label={t('result.output')} openLevels={3} />;
  const isCut = output.length > MAX_TEXT;
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region must be reachable by keyboard */}
      <pre className="result-text" tabIndex={0}>
        {plainText(isCut ? output.slice(0, MAX_TEXT) : output)}
      </pre>
      {isCut ? <p className="sm muted">{t('result.cut', { count: output.length })}</p> : null}
    </>
  );
}
