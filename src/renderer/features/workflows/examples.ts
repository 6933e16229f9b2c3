import i18next from 'i18next';
import { getClient } from '../../client/bridge.ts';
import { showError, showToast } from '../../ui/toasts.tsx';

/** Adds every example that is not there yet; answers how many, or null when it failed (said already). */
export async function installExamples(): Promise<number | null> {
  try {
    const { examples } = await getClient().call('examples.list', {});
    const names = examples.filter((example) => !example.installed).map((example) => example.name);
    if (names.length > 0) await getClient().call('examples.install', { names });
    showToast(i18next.t('workflows:examplesAdded', { count: names.length }));
    return names.length;
  } catch (thrown) {
    showError(thrown);
    return null;
  }
}
