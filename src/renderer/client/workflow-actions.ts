import i18next from 'i18next';
import { showError, showToast } from '../ui/toasts.tsx';
import { getClient } from './bridge.ts';

/** Takes a workflow out of the library at once; Undo stands in the toast. */
export async function removeWorkflow(ref: string, name: string): Promise<void> {
  try {
    const { restoreToken } = await getClient().call('workflows.remove', { ref });
    showToast(i18next.t('workflows:removed', { name }), {
      label: i18next.t('everywhere:undo'),
      onPress: () => void restoreWorkflow(restoreToken, name),
    });
  } catch (thrown) {
    showError(thrown);
  }
}

async function restoreWorkflow(restoreToken: string, name: string): Promise<void> {
  try {
    await getClient().call('workflows.restore', { restoreToken });
    showToast(i18next.t('workflows:restored', { name }));
  } catch (thrown) {
    showError(thrown);
  }
}
