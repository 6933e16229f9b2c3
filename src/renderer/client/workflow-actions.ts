import i18next from 'i18next';
import { showToast } from '../ui/toasts.tsx';
import { act } from './act.ts';
import { call } from './bridge.ts';

/** Takes a workflow out of the library at once; Undo stands in the toast. */
export const removeWorkflow = (ref: string, name: string): Promise<void> =>
  act(async () => {
    const { restoreToken } = await call('workflows.remove', { ref });
    showToast(i18next.t('workflows:removed', { name }), {
      label: i18next.t('everywhere:undo'),
      onPress: () => void restoreWorkflow(restoreToken, name),
    });
  });

const restoreWorkflow = (restoreToken: string, name: string): Promise<void> =>
  act(async () => {
    await call('workflows.restore', { restoreToken });
    showToast(i18next.t('workflows:restored', { name }));
  });

/** Takes an import back at once: what it brought goes, what it took the place of stands there again. */
export const undoImport = (ref: string, name: string): Promise<void> =>
  act(async () => {
    const { broughtBack } = await call('bundles.undoImport', { ref });
    showToast(i18next.t(broughtBack ? 'import:sheet.undoneBack' : 'import:sheet.undone', { name }));
  });
