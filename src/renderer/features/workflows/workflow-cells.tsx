import { CircleX, Ellipsis, Play, Trash2, Workflow } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { LibraryEntry } from '../../../shared/contract/index.ts';
import { type RunSummary, workedMs } from '../../../shared/model/run.ts';
import { useQuery } from '../../client/use-query.ts';
import { removeWorkflow } from '../../client/workflow-actions.ts';
import { Button } from '../../ui/button.tsx';
import { wholeSeconds } from '../../ui/format.ts';
import { Icon } from '../../ui/icon.tsx';
import { workflowLink } from '../../ui/links.ts';
import { Menu, MenuItem, MenuSeparator } from '../../ui/menu.tsx';
import { Said, saidPlainly } from '../../ui/said.tsx';
import { Status } from '../../ui/status.tsx';
import { TimeAgo } from '../../ui/time.tsx';
import { whyNotRun } from '../../ui/trust/why-not-run.ts';
import { useNow } from '../../ui/use-now.ts';
import { library } from './library-store.ts';

const reasonIdOf = (entry: LibraryEntry): string => `why-${entry.ref}`;

/** What it does, or why it cannot run. */
export function Description({ entry, className = '' }: { readonly entry: LibraryEntry; readonly className?: string }) {
  const why = whyNotRun(entry);
  if (why === null)
    return (
      <div className={`sm muted cut ${className}`} title={entry.description}>
        {entry.tags.length === 0 ? null : <span className="min-[1201px]:hidden">{entry.tags.join(', ')} · </span>}
        {entry.description}
      </div>
    );
  return (
    <div
      id={reasonIdOf(entry)}
      className={`sm cut ${entry.error === null ? 'text-waiting' : 'text-failed'} ${className}`}
      title={saidPlainly(why)}
    >
      <Said text={why} />
    </div>
  );
}

/** Who is writing it anew; what runs is the published text. */
export function DraftOf({ path }: Pick<LibraryEntry, 'path'>) {
  const { t } = useTranslation('workflows');
  const marks = useQuery(library).value?.drafts.get(path) ?? [];
  if (marks.length === 0) return null;
  const others = marks.filter(({ isOwn }) => !isOwn).map(({ by }) => by);
  const names = [...(others.length < marks.length ? [t('draft.you')] : []), ...others].join(', ');
  return (
    <span className="chip flex-none" title={t('draft.tip', { names })}>
      {t('draft.of', { names })}
    </span>
  );
}

function Elapsed({ run }: { readonly run: RunSummary }) {
  return <>{wholeSeconds(workedMs(run, useNow(1000)))}</>;
}

/** Status and when; a running one says for how long. */
export function LastResult({ entry }: { readonly entry: LibraryEntry }) {
  const { t } = useTranslation('workflows');
  const last = entry.lastRun;
  if (last === null && entry.error !== null)
    return (
      <>
        <span className="status st-failed">
          <Icon of={CircleX} />
          {t('cannotRun')}
        </span>
        <div className="sm muted pl-5">{t('problems', { count: entry.errors })}</div>
      </>
    );
  if (last === null) return <span className="muted">–</span>;
  return (
    <>
      <Status status={last.status} outcome={last.outcome} />
      <div className="sm muted pl-5">
        {last.status === 'running' && last.startedAt !== null ? (
          <Elapsed run={last} />
        ) : (
          <TimeAgo at={last.completedAt ?? last.createdAt} />
        )}
      </div>
    </>
  );
}

/** Run and the menu of a row or card. */
export function EntryActions({ entry }: { readonly entry: LibraryEntry }) {
  const { t } = useTranslation('workflows');
  const navigate = useNavigate();
  const isBlocked = whyNotRun(entry) !== null;
  return (
    <span className="inline-flex items-center gap-1">
      <Button
        needs="runs.start"
        icon={Play}
        aria-label={t('runNamed', { name: entry.name })}
        onClick={() => void navigate(workflowLink(entry.ref), { state: { focusRun: true } })}
        {...(isBlocked ? { reasonId: reasonIdOf(entry), title: saidPlainly(whyNotRun(entry) ?? '') } : {})}
      >
        {t('run')}
      </Button>
      <Menu align="end" trigger={<Button variant="ghost" icon={Ellipsis} label={t('moreOf', { name: entry.name })} />}>
        <MenuItem icon={Workflow} onSelect={() => void navigate(workflowLink(entry.ref))}>
          {t('open')}
        </MenuItem>
        <MenuSeparator />
        <MenuItem
          icon={Trash2}
          danger
          needs="workflows.remove"
          onSelect={() => void removeWorkflow(entry.ref, entry.name)}
        >
          {t('remove')}
        </MenuItem>
      </Menu>
    </span>
  );
}
