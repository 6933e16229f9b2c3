import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { act } from '../client/act.ts';
import { call } from '../client/bridge.ts';
import { showToast } from '../ui/toasts.tsx';
import { askToLeave } from './leave-dialog.tsx';

/**
 * Opens a project and says so, after asking where the one that is open would miss something; the live event `project` renews every
 * screen. False when it was not opened.
 */
export function useProjectSwitch(): (path: string) => Promise<boolean> {
  const navigate = useNavigate();
  const { t } = useTranslation();
  return async (path) => {
    if (!(await askToLeave())) return false;
    const isOpen = await act(async () => {
      const opened = await call('project.switch', { path });
      await navigate('/');
      showToast(t('shell:project.opened', { path: opened.path }));
      return true;
    });
    return isOpen === true;
  };
}
