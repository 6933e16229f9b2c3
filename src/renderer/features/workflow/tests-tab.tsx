import { FlaskConical, Play } from 'lucide-react';
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import type { WorkflowTest } from '../../../shared/contract/index.ts';
import { act } from '../../client/act.ts';
import { call } from '../../client/bridge.ts';
import { createLiveQuery } from '../../client/live-query.ts';
import { useFreshOnFocus, useQueryOf } from '../../client/use-query.ts';
import { Button } from '../../ui/button.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { runLink } from '../../ui/links.ts';
import { EmptyState } from '../../ui/notes.tsx';
import { TimeAgo } from '../../ui/time.tsx';
import { worded } from '../../ui/worded.ts';

/** The tests of a workflow, by its ref; how they came out follows from the runs that replay them. */
const tests = createLiveQuery<readonly WorkflowTest[], string>({
  ask: async (workflow) => (await call('cassettes.list', { workflow })).tests,
  dueOn: (event) => {
    if (event.kind === 'library') return 'now';
    return event.kind === 'run' && event.run.trigger === 'replay' ? 'soon' : null;
  },
});

function Result({ test: { last, problem } }: { readonly test: WorkflowTest }) {
  const { t } = useTranslation('tests');
  if (problem !== null)
    return (
      <span className="st-failed" title={worded(problem)}>
        {t('list.broken')}
      </span>
    );
  if (last === null) return <span className="muted">{t('list.never')}</span>;
  const tone = last.verdict === 'passed' ? 'st-success' : last.verdict === 'running' ? 'muted' : 'st-failed';
  return (
    <Link to={runLink(last.runId)} className={tone}>
      {t(`verdict.${last.verdict}`)}
    </Link>
  );
}

const COLUMNS: readonly Column<WorkflowTest>[] = [
  { key: 'name', title: 'tests:list.name', cell: ({ name, path }) => <span title={path}>{name}</span> },
  { key: 'last', title: 'tests:list.last', cell: (test) => <Result test={test} /> },
  {
    key: 'recorded',
    title: 'tests:list.recorded',
    cell: ({ recorded }) => (recorded === null ? '–' : <TimeAgo at={Date.parse(recorded.at)} />),
  },
  {
    key: 'answers',
    title: 'tests:list.answers',
    className: 'num',
    cell: ({ recorded }) => (recorded === null ? '–' : recorded.exchanges),
  },
];

/** Recordings that were kept: replayed against the workflow as it is, one after the other. */
export function TestsTab({ workflow }: { readonly workflow: string }) {
  const { t } = useTranslation('tests');
  const { value: rows, error } = useQueryOf(tests, workflow);
  const navigate = useNavigate();
  const [isBusy, setIsBusy] = useState(false);
  useFreshOnFocus(tests);
  const open = useCallback(
    ({ last }: WorkflowTest): void => void (last === null ? undefined : navigate(runLink(last.runId))),
    [navigate],
  );
  const runAll = async (): Promise<void> => {
    setIsBusy(true);
    await act(async () => {
      for (const { name, problem } of rows ?? [])
        if (problem === null) await call('cassettes.replay', { recording: { workflow, name } });
      await tests.refresh();
    });
    setIsBusy(false);
  };
  return (
    <>
      <div className="row flex-none px-6 py-2">
        <p className="muted sm grow">{t('list.text')}</p>
        <Button
          variant="primary"
          icon={Play}
          needs="cassettes.replay"
          reason={isBusy ? t('list.busy') : (rows ?? []).length === 0 ? t('list.empty') : null}
          onClick={() => void runAll()}
        >
          {t('list.act')}
        </Button>
      </div>
      <DataTable
        label={t('list.label')}
        columns={COLUMNS}
        rows={rows}
        keyOf={({ name }) => name}
        onOpen={open}
        empty={<EmptyState className="px-6" icon={FlaskConical} title={t('list.empty')} text={t('list.emptyText')} />}
        error={error}
        onRetry={() => void tests.refresh()}
      />
    </>
  );
}
