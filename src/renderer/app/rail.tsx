import { LoaderCircle } from 'lucide-react';
import { Fragment } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'react-router';
import type { RunSummary } from '../../shared/model/run.ts';
import { appInfo, requestCounts, runningNow } from '../client/app-state.ts';
import { myRights, usePreview } from '../client/rights.ts';
import { useQuery } from '../client/use-query.ts';
import { Icon } from '../ui/icon.tsx';
import { runLink } from '../ui/links.ts';
import { ProjectMenu } from './project-menu.tsx';
import { SECTIONS, sectionModifier } from './sections.ts';

/** The newest run that runs now, under Runs. */
function LiveRun({ run, isHere }: { readonly run: RunSummary; readonly isHere: boolean }) {
  const { t } = useTranslation('shell');
  const name = t('nav.liveRun', { name: run.workflowName });
  return (
    <li className="sub">
      <Link to={runLink(run.runId)} aria-current={isHere ? 'page' : undefined} title={name}>
        <span className="st-running status !inline-flex">
          <Icon of={LoaderCircle} className="spin" />
        </span>
        <span className="cut">{name}</span>
      </Link>
    </li>
  );
}

/** How many wait for a person; nothing where none does. */
function DueCount({ count = 0, words = '' }: { readonly count?: number; readonly words?: string }) {
  const { t } = useTranslation();
  if (count === 0) return null;
  return (
    <span className="count due">
      <span aria-hidden="true">{count}</span>
      <span className="sr">{t(words, { count })}</span>
    </span>
  );
}

/** The left rail: project, sections, the live run, who works here. */
export function Rail() {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  const user = useQuery(appInfo).value?.user ?? '';
  const preview = usePreview((state) => state.role);
  const roles = useQuery(myRights).value?.user.roles ?? [];
  const shownRoles = (preview === null ? roles : [preview.name]).join(', ');
  const running = useQuery(runningNow).value;
  const waiting = useQuery(requestCounts).value;
  const liveRun = running?.newest ?? null;
  const livePath = liveRun === null ? null : runLink(liveRun.runId);
  // What waits for a person, under the section that it waits in.
  const due: Readonly<Record<string, { readonly count: number; readonly words: string }>> = {
    '/runs': { count: running?.needsYou ?? 0, words: 'shell:nav.needsYou' },
    '/approvals': { count: waiting?.forReader ?? 0, words: 'shell:nav.toDecide' },
  };
  return (
    <aside className="rail" aria-label={t('shell:rail')}>
      <ProjectMenu />
      <nav aria-label={t('shell:sections')}>
        <ul>
          {SECTIONS.map((section, index) => {
            const isHere =
              pathname === section.path || (pathname.startsWith(`${section.path}/`) && pathname !== livePath);
            return (
              <Fragment key={section.path}>
                <li>
                  <Link
                    to={section.path}
                    aria-current={isHere ? 'page' : undefined}
                    title={`${t(section.nameKey)}  ${sectionModifier()}+${index + 1}`}
                  >
                    <Icon of={section.icon} />
                    <span>{t(section.nameKey)}</span>
                    <DueCount {...due[section.path]} />
                  </Link>
                </li>
                {section.path === '/runs' && liveRun !== null ? (
                  <LiveRun run={liveRun} isHere={pathname === livePath} />
                ) : null}
              </Fragment>
            );
          })}
        </ul>
      </nav>
      {user === '' ? null : (
        <div className="foot" title={shownRoles === '' ? user : `${user}, ${shownRoles}`}>
          <span className="avatar" aria-hidden="true">
            {user.slice(0, 2).toUpperCase()}
          </span>
          <span className="grow cut">{user}</span>
          <span className="sm muted cut role">{shownRoles}</span>
        </div>
      )}
    </aside>
  );
}
