import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { getClient } from '../client/bridge.ts';
import { showError, showToast } from '../ui/toasts.tsx';

/** Opens a project and says so; the live event `project` renews every screen. */
export function useProjectSwitch(): (path: string) => Promise<boolean> {
  const navigate = useNavigate();
  const { t } = useTranslation();
  return async (path) => {
    try {
      const opened = await getClient().call('project.switch', { path });
      await navigate('/');
      showToast(t('shell:project.opened', { path: opened.path }));
      return true;
    } catch (thrown) {
      showError(thrown);
      return false;
    }
  };
}
