import { Columns2, FileClock, RotateCcw } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate, useSearchParams } from 'react-router';
import type { WorkflowDetail, WorkflowVersion } from '../../../shared/contract/index.ts';
import { act } from '../../client/act.ts';
import { call } from '../../client/bridge.ts';
import { useOwnQuery } from '../../client/use-query.ts';
import { Button, LinkButton } from '../../ui/button.tsx';
import { Chip } from '../../ui/chip.tsx';
import { compareVersionsLink, workflowLink } from '../../ui/links.ts';
import { EmptyState } from '../../ui/notes.tsx';
import { useWhyNot } from '../../ui/rights.ts';
import { Segmented } from '../../ui/segmented.tsx';
import { TimeAgo } from '../../ui/time.tsx';
import { showToast } from '../../ui/toasts.tsx';
import { ComparedChanges, ComparedTexts } from './compared-versions.tsx';

interface VersionRowProps {
  readonly version: WorkflowVersion;
  readonly to: string;
  readonly isChosen: boolean;
  readonly isCurrent: boolean;
}
function VersionRow({ version, to, isChosen, isCurrent }: VersionRowProps) {
  const { t } = useTranslation('workflow');
  return (
    <li className="border-b border-border">
      <Link
        to={to}
        aria-current={isChosen ? 'true' : undefined}
        className={`plain flex min-h-11 flex-wrap items-center gap-x-2 px-6 py-1 hover:bg-hover hover:no-underline max-[1200px]:px-4 ${isChosen ? 'bg-selected shadow-[inset_2px_0_var(--accent)]' : ''}`}
      >
        <span className="strong">{version.label}</span>
        <span className="mono muted">{version.hash.slice(0, 7)}</span>
        {isCurrent ? <Chip>{t('history.current')}</Chip> : null}
        <span className="sm muted w-full">
          {t('versions.firstSeen')} <TimeAgo at={version.firstSeenAt} /> ·{' '}
          {t('history.runsOf', { count: version.runs })}
        </span>
      </Link>
    </li>
  );
}

interface PaneProps {
  readonly detail: WorkflowDetail;
  readonly chosen: WorkflowVersion;
  /** The one that was started before it. */
  readonly previous: WorkflowVersion | undefined;
}

const VIEWS = ['changes', 'sides', 'text'] as const;

/** A version against the one before it, or what is published against the version. */
function VersionPane({ detail, chosen, previous }: PaneProps) {
  const { t } = useTranslation('workflow');
  const [view, setView] = useState<(typeof VIEWS)[number]>('changes');
  const [wanted, setAgainst] = useState<'previous' | 'published'>('previous');
  const against = previous === undefined ? 'published' : wanted;
  const [before, after] = against === 'published' ? [chosen, null] : [previous ?? null, chosen];
  return (
    <div className="flex min-h-64 min-w-0 flex-col">
      <div className="flex flex-none flex-wrap items-center gap-3 border-b border-border px-6 py-1.5 max-[1200px]:px-4">
        <Segmented
          label={t('versions.view')}
          value={view}
          choices={VIEWS.map((value) => ({ value, label: t(`versions.as.${value}`) }))}
          onChoose={setView}
        />
        {previous === undefined || view === 'text' ? null : (
          <Segmented
            label={t('versions.against')}
            value={against}
            choices={(['previous', 'published'] as const).map((value) => ({ value, label: t(`versions.to.${value}`) }))}
            onChoose={setAgainst}
          />
        )}
        <span className="grow" />
        <LinkButton
          icon={Columns2}
          to={compareVersionsLink(detail.entry.ref, before?.hash ?? null, after?.hash ?? null)}
        >
          {t('versions.compare')}
        </LinkButton>
        <RestoreButton detail={detail} version={chosen} />
      </div>
      {view === 'changes' ? (
        <ComparedChanges key={`${before?.hash} ${after?.hash}`} {...{ detail, before, after }} />
      ) : (
        <ComparedTexts {...{ detail, before, after, alone: view === 'sides' ? undefined : chosen }} />
      )}
    </div>
  );
}

/** Makes the text of a version a new draft: nothing runs from it before somebody publishes it. */
function RestoreButton({ detail, version }: { readonly detail: WorkflowDetail; readonly version: WorkflowVersion }) {
  const { t } = useTranslation('workflow');
  const navigate = useNavigate();
  const { ref } = detail.entry;
  const mayEdit = useWhyNot('drafts.get') === null;
  const { data } = useOwnQuery({ ask: () => call('drafts.get', { ref }) }, mayEdit ? ref : null);
  const hasDraft = (data.value?.draft ?? null) !== null;
  const restore = (): Promise<void> =>
    act(async () => {
      const { source, label } = await call('versions.source', { hash: version.hash });
      await call('drafts.save', { ref, source, baseHash: detail.sourceHash, revision: 0 });
      await navigate(workflowLink(ref, 'source'));
      showToast(t('versions.restored', { label }));
    });
  return (
    <Button
      icon={RotateCcw}
      needs={['drafts.save', 'versions.source']}
      reason={hasDraft ? t('versions.hasDraft') : null}
      onClick={() => void restore()}
    >
      {t('versions.restore')}
    </Button>
  );
}

/** The kept versions, newest first, and the chosen one: what it changed, its text, a way back to it. */
export function VersionsTab({ detail }: { readonly detail: WorkflowDetail }) {
  const { t } = useTranslation('workflow');
  const [params] = useSearchParams();
  const { versions, entry } = detail;
  const asked = params.get('version');
  const found = versions.findIndex((version) => version.hash === asked);
  const at = found === -1 ? 0 : found;
  const chosen = versions[at];
  if (chosen === undefined)
    return <EmptyState className="px-6" icon={FileClock} title={t('versions.empty')} text={t('versions.emptyText')} />;
  return (
    <div className="grid min-h-0 flex-1 grid-cols-[20rem_minmax(0,1fr)] max-[760px]:block max-[760px]:overflow-auto">
      <nav className="overflow-auto border-r border-border" aria-label={t('versions.list')}>
        <ul>
          {versions.map((version) => (
            <VersionRow
              key={version.hash}
              version={version}
              to={`${workflowLink(entry.ref, 'versions')}&version=${version.hash}`}
              isChosen={version === chosen}
              isCurrent={version.hash === detail.contentHash}
            />
          ))}
        </ul>
      </nav>
      <VersionPane detail={detail} chosen={chosen} previous={versions[at + 1]} />
    </div>
  );
}
