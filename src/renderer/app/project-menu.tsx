import { ChevronDown, FolderOpen } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { Icon } from '../ui/icon.tsx';
import { Menu, MenuGroup, MenuItem, MenuSeparator } from '../ui/menu.tsx';
import { showError, showToast } from '../ui/toasts.tsx';
import { useApp } from './app-store.ts';
import { getClient, getHost } from './bridge.ts';
import { ProjectDialog } from './project-dialog.tsx';

/** Opens a project and says so; the live event `project` renews every screen. */
export function useProjectSwitch(): (path: string) => Promise<boolean> {
  const navigate = useNavigate();
  const { t } = useTranslation();
  return async (path) => {
    try {
      const opened = await getClient().call('project.switch', { path });
      await navigate('/workflows');
      showToast(t('shell:project.opened', { path: opened.path }));
      return true;
    } catch (thrown) {
      showError(thrown);
      return false;
    }
  };
}

/** The project's name at the top of the rail, with the way to others. */
export function ProjectMenu() {
  const { t } = useTranslation();
  const info = useApp((state) => state.info.value);
  const [isAsking, setIsAsking] = useState(false);
  const switchTo = useProjectSwitch();
  const name = info?.project.name ?? '';
  const others = (info?.recentProjects ?? []).filter((path) => path !== info?.project.path);
  const openOther = async (): Promise<void> => {
    const host = getHost();
    if (host === null) {
      setIsAsking(true);
      return;
    }
    const path = await host.pickFolder();
    if (path !== null) await switchTo(path);
  };
  const trigger = (
    <button type="button" className="project" title={t('shell:project.menu', { name, path: info?.project.path ?? '' })}>
      <span className="mark" aria-hidden="true">
        {name.slice(0, 1).toUpperCase()}
      </span>
      <span className="grow cut">{name}</span>
      <Icon of={ChevronDown} small />
    </button>
  );
  return (
    <>
      <Menu trigger={trigger}>
        {others.length === 0 ? null : (
          <MenuGroup label={t('shell:project.recent')}>
            {others.map((path) => (
              <MenuItem key={path} onSelect={() => void switchTo(path)}>
                <span title={path}>{path}</span>
              </MenuItem>
            ))}
          </MenuGroup>
        )}
        {others.length === 0 ? null : <MenuSeparator />}
        <MenuItem icon={FolderOpen} onSelect={() => void openOther()}>
          {t('shell:project.open')}
        </MenuItem>
      </Menu>
      <ProjectDialog isOpen={isAsking} onClose={() => setIsAsking(false)} />
    </>
  );
}
