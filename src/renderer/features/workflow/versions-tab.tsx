import { FileClock, RotateCcw } from 'lucide-react';
import { lazy, Suspense, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate, useSearchParams } from 'react-router';
import type { WorkflowDetail, WorkflowVersion } from '../../../shared/contract/index.ts';
import { act } from '../../client/act.ts';
import { call } from '../../client/bridge.ts';
import { useOwnQuery } from '../../client/use-query.ts';
import { Button } from '../../ui/button.tsx';
import { Chip } from '../../ui/chip.tsx';
import { CodeView } from '../../ui/code-view.tsx';
import { workflowLink } from '../../ui/links.ts';
import { EmptyState, ErrorNote } from '../../ui/notes.tsx';
import { useWhyNot } from '../../ui/rights.ts';
import { Segmented } from '../../ui/segmented.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { TimeAgo } from '../../ui/time.tsx';
import { showToast } from '../../ui/toasts.tsx';
import { VersionChanges } from './version-changes.tsx';

const TextDiff = lazy(async () => ({ default: (await import('./editor/text-diff.tsx')).TextDiff }));

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
        <RestoreButton detail={detail} version={chosen} />
      </div>
      {view === 'changes' ? (
        <Changes key={`${before?.hash} ${after?.hash}`} {...{ detail, before, after }} />
      ) : (
        <Texts {...{ detail, before, after, chosen, isBoth: view === 'sides' }} />
      )}
    </div>
  );
}

interface Compared {
  readonly detail: WorkflowDetail;
  /** Null = the published text. */
  readonly before: WorkflowVersion | null;
  readonly after: WorkflowVersion | null;
}

function Changes({ detail, before, after }: Compared) {
  const ask = { ref: detail.entry.ref, before: before?.hash ?? null, after: after?.hash ?? null };
  const { data } = useOwnQuery({ ask: () => call('versions.compare', ask) }, ask.ref, detail.sourceHash);
  if (data.status === 'error') return <ErrorNote error={data.error} className="m-4" />;
  return data.value === null ? <SkeletonRows rows={6} columns={[60]} /> : <VersionChanges {...data.value} />;
}

/** The texts side by side, or that of the chosen one alone. */
function Texts({ detail, before, after, chosen, isBoth }: Compared & { chosen: WorkflowVersion; isBoth: boolean }) {
  const { t } = useTranslation('workflow');
  const sourceOf = { ask: (hash: string) => call('versions.source', { hash }) };
  const { data: one } = useOwnQuery(sourceOf, before?.hash ?? null);
  const { data: other } = useOwnQuery(sourceOf, after?.hash ?? null);
  const published = useMemo(() => ({ label: t('editor.published'), source: detail.source }), [t, detail.source]);
  const left = before === null ? published : one.value;
  const right = after === null ? published : other.value;
  const sides = useMemo(
    () =>
      left === null || right === null
        ? null
        : { before: { name: left.label, text: left.source }, after: { name: right.label, text: right.source } },
    [left, right],
  );
  const failed = [one, other].find(({ status }) => status === 'error');
  if (failed?.status === 'error') return <ErrorNote error={failed.error} className="m-4" />;
  const text = chosen === before ? left : right;
  if (isBoth && sides !== null)
    return (
      <Suspense fallback={<SkeletonRows />}>
        <TextDiff {...sides} />
      </Suspense>
    );
  return text === null || isBoth ? (
    <SkeletonRows rows={6} columns={[60]} />
  ) : (
    <CodeView label={t('source.label', { path: text.label })} text={text.source} />
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
          {versions.map((version, index) => (
            <VersionRow
              key={version.hash}
              version={version}
              to={`${workflowLink(entry.ref, 'versions')}&version=${version.hash}`}
              isChosen={version === chosen}
              isCurrent={index === 0}
            />
          ))}
        </ul>
      </nav>
      <VersionPane detail={detail} chosen={chosen} previous={versions[at + 1]} />
    </div>
  );
}
