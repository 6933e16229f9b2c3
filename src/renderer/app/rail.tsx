import { LoaderCircle } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'react-router';
import { appInfo, runningNow } from '../client/app-state.ts';
import { useQuery } from '../client/use-query.ts';
import { Icon } from '../ui/icon.tsx';
import { runLink } from '../ui/links.ts';
import { ProjectMenu } from './project-menu.tsx';
import { SECTIONS, sectionModifier } from './sections.ts';

/** The left rail: project, sections, the live run, who works here. */
export function Rail() {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  const user = useQuery(appInfo).value?.user ?? '';
  const liveRun = useQuery(runningNow).value?.newest ?? null;
  const livePath = liveRun === null ? null : runLink(liveRun.runId);
  return (
    <aside className="rail" aria-label={t('shell:rail')}>
      <ProjectMenu />
      <nav aria-label={t('shell:sections')}>
        <ul>
          {SECTIONS.map((section, index) => {
            const isHere =
              pathname === section.path || (pathname.startsWith(`${section.path}/`) && pathname !== livePath);
            return (
              <li key={section.path}>
                <Link
                  to={section.path}
                  aria-current={isHere ? 'page' : undefined}
                  title={`${t(section.nameKey)}  ${sectionModifier()}+${index + 1}`}
                >
                  <Icon of={section.icon} />
                  <span>{t(section.nameKey)}</span>
                </Link>
              </li>
            );
          })}
          {liveRun === null || livePath === null ? null : (
            <li className="sub">
              <Link
                to={livePath}
                aria-current={pathname === livePath ? 'page' : undefined}
                title={t('shell:nav.liveRun', { name: liveRun.workflowName })}
              >
                <span className="st-running status !inline-flex">
                  <Icon of={LoaderCircle} className="spin" />
                </span>
                <span className="cut">{t('shell:nav.liveRun', { name: liveRun.workflowName })}</span>
              </Link>
            </li>
          )}
        </ul>
      </nav>
      {user === '' ? null : (
        <div className="foot" title={user}>
          <span className="avatar" aria-hidden="true">
            {user.slice(0, 2).toUpperCase()}
          </span>
          <span className="grow cut">{user}</span>
        </div>
      )}
    </aside>
  );
}
