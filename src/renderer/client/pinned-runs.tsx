import i18next from 'i18next';
import { Pin, PinOff } from 'lucide-react';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../shared/contract/index.ts';
import { MenuItem } from '../ui/menu.tsx';
import { showToast } from '../ui/toasts.tsx';
import { act } from './act.ts';
import { call } from './bridge.ts';
import { createLiveQuery } from './live-query.ts';
import { useQuery } from './use-query.ts';

/** Runs that stay whatever their age. */
export const pinnedRuns = createLiveQuery<OutputOf<'storage.pins'>>({ ask: () => call('storage.pins', {}) });

/** Pins a run or lets it go with its age; true when that was done. */
export const pinRun = async (runId: string, isPinned: boolean): Promise<boolean> =>
  (await act(async () => {
    await call('storage.pin', { runId, isPinned });
    await pinnedRuns.refresh();
    showToast(i18next.t(isPinned ? 'everywhere:pin.pinned' : 'everywhere:pin.unpinned'));
    return true;
  })) ?? false;

/** The line of a run's menu that pins it or lets it go. It is asked which of the two when the menu is opened. */
export function PinItem({ runId }: { readonly runId: string }) {
  const { t } = useTranslation('everywhere');
  useEffect(() => pinnedRuns.open(null), []);
  const pins = useQuery(pinnedRuns).value;
  const isPinned = pins?.some((one) => one.runId === runId) ?? false;
  return (
    <MenuItem
      icon={isPinned ? PinOff : Pin}
      needs="storage.pin"
      disabled={pins === null}
      onSelect={() => void pinRun(runId, !isPinned)}
    >
      {t(isPinned ? 'pin.unpin' : 'pin.pin')}
    </MenuItem>
  );
}
