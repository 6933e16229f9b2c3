import { ChevronDown, FolderOpen } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { appInfo } from '../client/app-state.ts';
import { chooseFolder } from '../client/shell-requests.ts';
import { useQuery } from '../client/use-query.ts';
import { Icon } from '../ui/icon.tsx';
import { Menu, MenuGroup, MenuItem, MenuSeparator } from '../ui/menu.tsx';
import { useProjectSwitch } from './project-switch.ts';

/** The project's name at the top of the rail, with the way to others. */
export function ProjectMenu() {
  const { t } = useTranslation();
  const info = useQuery(appInfo).value;
  const switchTo = useProjectSwitch();
  const name = info?.project.name ?? '';
  const others = (info?.recentProjects ?? []).filter((path) => path !== info?.project.path);
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
      <MenuItem icon={FolderOpen} onSelect={chooseFolder}>
        {t('shell:project.open')}
      </MenuItem>
    </Menu>
  );
}
