import i18next from 'i18next';
import { AppError } from '../../../shared/errors.ts';
import { isJsonMap, type Json } from '../../../shared/json.ts';
import { type DesktopSettingsChange, readDesktopPolicy } from '../../../shared/model/desktop.ts';
import { act } from '../../client/act.ts';
import { parsePreferences, usePreferences } from '../../client/preferences.ts';
import { saveFile } from '../../client/save-file.ts';
import { showToast } from '../../ui/toasts.tsx';
import { putSettings, useDesktopSettings } from './settings-store.ts';

const FORMAT = 'aiworkflow-settings';

/** What a file of settings holds: those of the window, and those of the desktop app where it was made in one. */
interface SettingsFile {
  readonly window: ReturnType<typeof parsePreferences>;
  readonly computer: DesktopSettingsChange;
}

/** Saves all settings as a file that another computer takes. */
export function exportSettings(): void {
  const { settings } = useDesktopSettings.getState();
  const file = { format: FORMAT, version: 1, window: usePreferences.getState(), computer: settings ?? {} };
  saveFile('aiworkflow-settings.json', new Blob([`${JSON.stringify(file, null, 2)}\n`], { type: 'application/json' }));
}

/** Takes the settings of a file, at once and to be undone; one that is none, or has a key that is none, changes nothing. */
export async function importSettings(text: string): Promise<void> {
  await act(async () => {
    const { window, computer } = readSettingsFile(text);
    const before = usePreferences.getState();
    const owed = await putSettings(computer);
    usePreferences.setState(window);
    showToast(i18next.t('settings:file.taken'), {
      label: i18next.t('settings:undo'),
      onPress: () => {
        usePreferences.setState(before);
        if (owed !== null) void putSettings(owed);
      },
    });
  });
}

/** Throws `contract.invalid_input` with the keys that are wrong. */
export function readSettingsFile(text: string): SettingsFile {
  const stored = readJson(text);
  if (!isJsonMap(stored) || stored.format !== FORMAT || stored.version !== 1)
    throw new AppError('contract.invalid_input', i18next.t('settings:file.none'));
  const { policy: computer, wrong } = readDesktopPolicy(stored.computer ?? {});
  if (wrong.length > 0)
    throw new AppError('contract.invalid_input', i18next.t('settings:file.wrong', { keys: wrong.join(', ') }));
  return { window: parsePreferences(JSON.stringify(stored.window ?? {})), computer };
}

function readJson(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return null;
  }
}
