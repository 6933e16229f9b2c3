import { FileClock } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import type { WorkflowDetail, WorkflowVersion } from '../../../shared/contract/index.ts';
import { call } from '../../client/bridge.ts';
import { useOwnQuery } from '../../client/use-query.ts';
import { Chip } from '../../ui/chip.tsx';
import { CodeView } from '../../ui/code-view.tsx';
import { workflowLink } from '../../ui/links.ts';
import { EmptyState, ErrorNote } from '../../ui/notes.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { TimeAgo } from '../../ui/time.tsx';

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

/** The kept versions, newest first, and the text of the chosen one. */
export function VersionsTab({ detail }: { readonly detail: WorkflowDetail }) {
  const { t } = useTranslation('workflow');
  const [params] = useSearchParams();
  const { versions, entry } = detail;
  const asked = params.get('version');
  const chosen = versions.find((version) => version.hash === asked) ?? versions[0];
  const { data: text } = useOwnQuery(
    { ask: (hash: string) => call('versions.source', { hash }) },
    chosen?.hash ?? null,
  );
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
      <div className="flex min-h-64 flex-col">
        {text.status === 'error' ? <ErrorNote error={text.error} className="m-4" /> : null}
        {text.value === null ? (
          text.status === 'loading' ? (
            <SkeletonRows rows={6} columns={[60]} />
          ) : null
        ) : (
          <CodeView label={t('source.label', { path: text.value.label })} text={text.value.source} />
        )}
      </div>
    </div>
  );
}
