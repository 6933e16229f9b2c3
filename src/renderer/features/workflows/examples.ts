import i18next from 'i18next';
import { act } from '../../client/act.ts';
import { call } from '../../client/bridge.ts';
import { showToast } from '../../ui/toasts.tsx';

/** Adds every example that is not there yet, and says how many. */
export const installExamples = (): Promise<void> =>
  act(async () => {
    const { examples } = await call('examples.list', {});
    const names = examples.filter((example) => !example.installed).map((example) => example.name);
    if (names.length > 0) await call('examples.install', { names });
    showToast(i18next.t('workflows:examplesAdded', { count: names.length }));
  });
