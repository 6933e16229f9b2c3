import { ChevronRight, Search } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'react-router';
import { runningNow } from '../client/app-state.ts';
import { useQuery } from '../client/use-query.ts';
import { Icon } from '../ui/icon.tsx';
import { type Crumb, usePageTitleStore } from '../ui/page-title.ts';
import { ariaKeys, shortcutText, useChosenKeys } from '../ui/shortcuts.ts';
import { Status } from '../ui/status.tsx';
import { HelpMenu, type HelpMenuProps } from './help-menu.tsx';
import { SECTIONS } from './sections.ts';

function Crumbs() {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  const { title, parents } = usePageTitleStore();
  const section = SECTIONS.find((each) => pathname.startsWith(`${each.path}/`));
  const links: readonly Crumb[] =
    section === undefined ? [] : [{ label: t(section.nameKey), to: section.path }, ...parents];
  return (
    <nav className="crumbs" aria-label={t('shell:here')}>
      {links.map((crumb) => (
        <span key={crumb.to} className="flex min-w-0 items-center gap-1">
          <Link to={crumb.to} className="cut">
            {crumb.label}
          </Link>
          <Icon of={ChevronRight} />
        </span>
      ))}
      <b className="cut" aria-current="page">
        {title}
      </b>
    </nav>
  );
}

interface TopBarProps extends HelpMenuProps {
  readonly onPalette: () => void;
}

/** Where am I · search and commands · what runs. */
export function TopBar({ onPalette, ...help }: TopBarProps) {
  const { t } = useTranslation();
  // Drawn anew with other keys.
  useChosenKeys();
  const runningCount = useQuery(runningNow).value?.count ?? 0;
  return (
    <header className="topbar">
      <Crumbs />
      <button
        type="button"
        className="palette"
        onClick={onPalette}
        title={t('shell:palette.open')}
        aria-keyshortcuts={ariaKeys('palette')}
      >
        <Icon of={Search} small />
        <span>{t('shell:palette.open')}</span>
        <kbd>{shortcutText('palette')}</kbd>
      </button>
      <div className="end">
        <span aria-live="polite" className="flex">
          {runningCount === 0 ? null : (
            <Link className="plain sm nowrap" to="/runs?status=running">
              <Status status="running" label={t('shell:running', { count: runningCount })} />
            </Link>
          )}
        </span>
        <HelpMenu {...help} />
      </div>
    </header>
  );
}
