import { Ellipsis, FileQuestion, ShieldCheck, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams, useSearchParams } from 'react-router';
import type { WorkflowDetail } from '../../../shared/contract/index.ts';
import { isMissing } from '../../client/is-missing.ts';
import { TrustDialog, TrustMark } from '../../client/trust-dialog.tsx';
import { useQueryOf } from '../../client/use-query.ts';
import { removeWorkflow } from '../../client/workflow-actions.ts';
import { Button, LinkButton } from '../../ui/button.tsx';
import { Chip } from '../../ui/chip.tsx';
import { formatCount } from '../../ui/format.ts';
import { workflowLink } from '../../ui/links.ts';
import { Menu, MenuItem } from '../../ui/menu.tsx';
import { EmptyState, ErrorNote, Note } from '../../ui/notes.tsx';
import { PageHead } from '../../ui/page.tsx';
import { Said } from '../../ui/said.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { Status, statusKey } from '../../ui/status.tsx';
import { TabPanel, Tabs } from '../../ui/tabs.tsx';
import { HistoryPane } from './history-pane.tsx';
import { RunPane } from './run-pane.tsx';
import { RunsTab } from './runs-tab.tsx';
import { SourceTab } from './source-tab.tsx';
import { TestsTab } from './tests-tab.tsx';
import { VersionsTab } from './versions-tab.tsx';
import { WhatPane } from './what-pane.tsx';
import { shownWorkflow } from './workflow-store.ts';

const TABS = ['overview', 'source', 'tests', 'versions', 'runs'] as const;

function Head({ detail }: { readonly detail: WorkflowDetail }) {
  const { t } = useTranslation('workflow');
  const navigate = useNavigate();
  const { entry, workflow } = detail;
  const remove = async (): Promise<void> => {
    await navigate('/workflows');
    await removeWorkflow(entry.ref, entry.name);
  };
  const last = entry.lastRun;
  const [isTrustOpen, setIsTrustOpen] = useState(false);
  const aside = (
    <span className="flex min-w-0 flex-wrap items-center gap-2">
      {entry.trust === 'own' ? null : <TrustMark state={entry.trust} />}
      {last === null ? null : (
        <span aria-live="polite" className="flex">
          <Status
            pill
            status={last.status}
            outcome={last.outcome}
            label={t('lastRun', { status: t(statusKey(last.status, last.outcome)).toLowerCase() })}
          />
        </span>
      )}
      {workflow.tags.slice(0, 6).map((tag) => (
        <Chip key={tag}>{tag}</Chip>
      ))}
      {workflow.version === '' ? null : <span className="muted sm">{t('version', { version: workflow.version })}</span>}
      <span className="muted sm">{t(`risk.${workflow.riskLevel ?? 'undeclared'}`)}</span>
    </span>
  );
  return (
    <PageHead title={entry.name} aside={aside}>
      <Menu align="end" trigger={<Button icon={Ellipsis} label={t('more')} />}>
        <MenuItem icon={ShieldCheck} needs="trust.show" onSelect={() => setIsTrustOpen(true)}>
          {t('trust:lookAt')}
        </MenuItem>
        <MenuItem icon={Trash2} danger needs="workflows.remove" onSelect={() => void remove()}>
          {t('remove')}
        </MenuItem>
      </Menu>
      {isTrustOpen ? <TrustDialog workflow={entry.ref} onClose={() => setIsTrustOpen(false)} /> : null}
    </PageHead>
  );
}

/** It runs nothing before a person has looked at what it could do. */
function Untrusted({ entry }: { readonly entry: WorkflowDetail['entry'] }) {
  const { t } = useTranslation('trust');
  const [isOpen, setIsOpen] = useState(false);
  return (
    <>
      <Note tone="waiting" className="mx-6 mb-2 flex-none max-[1200px]:mx-4">
        <div className="flex flex-wrap items-center gap-3">
          <span className="grow">{t(entry.trust === 'changed' ? 'changedText' : 'needed')}</span>
          <Button onClick={() => setIsOpen(true)}>{t('trust:again')}</Button>
        </div>
      </Note>
      {isOpen ? <TrustDialog workflow={entry.ref} onClose={() => setIsOpen(false)} /> : null}
    </>
  );
}

/** Why it cannot run, above everything. */
function Blocked({ detail }: { readonly detail: WorkflowDetail }) {
  const { error, unsupported, trust } = detail.entry;
  if (error === null && unsupported === null && (trust === 'untrusted' || trust === 'changed'))
    return <Untrusted entry={detail.entry} />;
  if (error === null && unsupported === null) return null;
  return (
    <Note tone={error === null ? 'waiting' : 'failed'} className="mx-6 mb-2 flex-none max-[1200px]:mx-4">
      <Said text={error ?? unsupported ?? ''} />
    </Note>
  );
}

function Parts({ detail }: { readonly detail: WorkflowDetail }) {
  const { t } = useTranslation('workflow');
  const [params] = useSearchParams();
  const navigate = useNavigate();
  const asked = params.get('tab');
  const tab = TABS.find((each) => each === asked) ?? 'overview';
  const problems = detail.diagnostics.filter((diagnostic) => diagnostic.severity !== 'notice').length;
  const notes = {
    overview: undefined,
    source: problems === 0 ? undefined : t('problems', { count: problems }),
    tests: undefined,
    versions: detail.versions.length === 0 ? undefined : formatCount(detail.versions.length),
    runs: detail.entry.runsTotal === 0 ? undefined : formatCount(detail.entry.runsTotal),
  };
  return (
    <Tabs
      label={t('tabs')}
      value={tab}
      tabs={TABS.map((value) => ({ value, label: t(`tab.${value}`), note: notes[value] }))}
      onChange={(next) => void navigate(workflowLink(detail.entry.ref, next), { replace: true })}
    >
      <TabPanel value="overview" keepMounted>
        <div className="overview">
          <RunPane key={detail.contentHash} detail={detail} />
          <div className="rest">
            <WhatPane detail={detail} />
            <HistoryPane detail={detail} />
          </div>
        </div>
      </TabPanel>
      <TabPanel value="source">
        <SourceTab detail={detail} />
      </TabPanel>
      <TabPanel value="tests">
        <TestsTab workflow={detail.entry.ref} />
      </TabPanel>
      <TabPanel value="versions">
        <VersionsTab detail={detail} />
      </TabPanel>
      <TabPanel value="runs">
        <RunsTab detail={detail} />
      </TabPanel>
    </Tabs>
  );
}

/** One workflow: run it, see what it does, read it. */
export function WorkflowScreen() {
  const { ref = '' } = useParams();
  const { t } = useTranslation('workflow');
  const { value, error } = useQueryOf(shownWorkflow, ref);
  if (value === null && isMissing(error, 'workflow.not_found'))
    return (
      <>
        <PageHead title={ref} />
        <EmptyState icon={FileQuestion} title={t('missing.title', { ref })} text={t('missing.text')}>
          <LinkButton to="/workflows">{t('missing.all')}</LinkButton>
        </EmptyState>
      </>
    );
  return (
    <>
      {value === null ? <PageHead title={ref} /> : <Head detail={value} />}
      {error === null ? null : (
        <ErrorNote className="mx-6 mb-3 flex-none" error={error} onRetry={() => void shownWorkflow.refresh()} />
      )}
      {value === null ? (
        error !== null ? null : (
          <SkeletonRows rows={8} columns={[50, 80, 60]} />
        )
      ) : (
        <>
          <Blocked detail={value} />
          <Parts detail={value} />
        </>
      )}
    </>
  );
}
