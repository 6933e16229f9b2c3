import { CassetteTape } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { RunView } from '../../../../shared/contract/index.ts';
import type { ReplayReport } from '../../../../shared/model/cassette.ts';
import type { ValueChange } from '../../../../shared/model/comparison.ts';
import { call } from '../../../client/bridge.ts';
import { useOwnQuery } from '../../../client/use-query.ts';
import '../../../ui/approval/approval.css';
import { ChangeView } from '../../../ui/approval/changes-view.tsx';
import { valueChange } from '../../../ui/approval/step-changes.ts';
import { runLink } from '../../../ui/links.ts';
import { ErrorNote, Note } from '../../../ui/notes.tsx';
import './replay-panel.css';

/** What a run was answered from, and where it is not what was recorded. Nothing for a run that did its work. */
export function ReplayPanel({ view }: { readonly view: RunView }) {
  return view.replay === undefined ? null : <Report view={view} from={view.replay.from} />;
}

function Report({ view, from }: { readonly view: RunView; readonly from: string | null }) {
  const { t } = useTranslation('tests');
  const { runId, status } = view.run;
  const { data, refresh } = useOwnQuery(
    { ask: (id: string) => call('cassettes.report', { runId: id }) },
    runId,
    status,
  );
  const report = data.value;
  const isWhole = from === null;
  const isOff = isWhole && report !== null && report.verdict !== 'passed' && report.verdict !== 'running';
  return (
    <section className="replay-panel mx-6 my-2" aria-label={t('panel.label')}>
      <Note tone={isOff ? 'waiting' : 'plain'} icon={CassetteTape} role="status">
        <div className="row">
          <span className="grow">
            <b>{isWhole ? t('panel.whole') : t('panel.forked', { from })}</b>{' '}
            {report !== null && isWhole
              ? t(`panel.${report.verdict}`, { answered: report.answered, total: report.exchanges })
              : null}
          </span>
          {view.run.linkedRunId === null ? null : <Link to={runLink(view.run.linkedRunId)}>{t('panel.recorded')}</Link>}
        </div>
      </Note>
      {data.status === 'error' ? <ErrorNote error={data.error} onRetry={refresh} /> : null}
      {report !== null && isOff ? <Differences report={report} /> : null}
    </section>
  );
}

function Differences({ report: { drift, outputs, expected } }: { readonly report: ReplayReport }) {
  const { t } = useTranslation('tests');
  const changes = drift?.changes ?? outputs;
  return (
    <section className="replay-differences" aria-label={t('panel.differences')}>
      {drift === null ? null : <p>{t(`panel.${drift.kind}`, { step: drift.name })}</p>}
      {drift === null && outputs.length === 0 ? (
        <p>{t('panel.status', { status: t(`everywhere:status.${expected.status}`).toLowerCase() })}</p>
      ) : null}
      {changes.map((change) => (
        <Difference key={change.at} change={change} of={drift === null ? t('panel.outputs') : ''} />
      ))}
    </section>
  );
}

/** A place and what stands there on both sides, by lines. */
function Difference({ change: { at, before, after }, of }: { readonly change: ValueChange; readonly of: string }) {
  const name = `${of} ${at.slice(1)}`.trim();
  const change = valueChange(name, before ?? '', after ?? '');
  return change === null ? null : <ChangeView change={change} />;
}
