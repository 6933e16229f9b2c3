import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  type ChosenKeys,
  keysFor,
  keysOf,
  keysProblem,
  SHORTCUT_NAMES,
  SHORTCUTS,
  type ShortcutName,
  shortcut,
} from '../../../shared/model/shortcuts.ts';
import { getHost } from '../../client/bridge.ts';
import { usePreferences } from '../../client/preferences.ts';
import { Button } from '../../ui/button.tsx';
import { keysText } from '../../ui/shortcuts.ts';
import { showToast } from '../../ui/toasts.tsx';

/** Changes the chosen keys at once, and offers to take that back. */
function choose(keys: ChosenKeys, said: string, undo: string): void {
  const before = usePreferences.getState().keys;
  usePreferences.setState({ keys });
  showToast(said, { label: undo, onPress: () => usePreferences.setState({ keys: before }) });
}

const without = (keys: ChosenKeys, name: ShortcutName): ChosenKeys => {
  const { [name]: _gone, ...rest } = keys;
  return rest;
};

/** Every shortcut with its keys: new ones are pressed, one or all become again what came with the app. */
export function ShortcutsTable() {
  const { t } = useTranslation('settings');
  const { keys: chosen } = usePreferences();
  const [asked, setAsked] = useState<ShortcutName | null>(null);
  const [refusal, setRefusal] = useState<string | null>(null);
  const ask = (name: ShortcutName | null): void => {
    setAsked(name);
    setRefusal(null);
  };
  const nameOf = (name: ShortcutName): string => t(`shell:shortcuts.${name}`);
  const take = (keys: string): void => {
    if (asked === null) return;
    const found = keysProblem(asked, keys, chosen);
    if (found !== null) {
      const who = 'with' in found ? nameOf(found.with) : 'by' in found ? t(`shortcuts.reserved.${found.by}`) : '';
      setRefusal(t(`shortcuts.problem.${found.kind}`, { keys: keysText(keys), who }));
      return;
    }
    const isDefault = keys === SHORTCUTS[asked].keys;
    choose(
      isDefault ? without(chosen, asked) : { ...chosen, [asked]: keys },
      t('saved', { what: nameOf(asked) }),
      t('undo'),
    );
    ask(null);
  };
  usePressedKeys(asked !== null, take, () => ask(null));
  const shown = SHORTCUT_NAMES.filter((name) => shortcut(name).isOfDesktop !== true || getHost() !== null);
  return (
    <>
      <table className="inset shortcut-keys" aria-label={t('shortcuts.table')}>
        <thead>
          <tr>
            <th scope="col">{t('shortcuts.does')}</th>
            <th scope="col">{t('shortcuts.keys')}</th>
            <th scope="col">
              <span className="sr">{t('shortcuts.acts')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {shown.map((name) => (
            <ShortcutRow
              key={name}
              name={name}
              isAsked={asked === name}
              refusal={asked === name ? refusal : null}
              onAsk={() => ask(asked === name ? null : name)}
            />
          ))}
        </tbody>
      </table>
      {Object.keys(chosen).length === 0 ? null : (
        <Button acts={false} onClick={() => choose({}, t('shortcuts.resetDone'), t('undo'))}>
          {t('shortcuts.resetAll')}
        </Button>
      )}
    </>
  );
}

interface ShortcutRowProps {
  readonly name: ShortcutName;
  /** Its new keys are to be pressed now. */
  readonly isAsked: boolean;
  /** Why those that were pressed may not be its keys. */
  readonly refusal: string | null;
  readonly onAsk: () => void;
}

function ShortcutRow({ name, isAsked, refusal, onAsk }: ShortcutRowProps) {
  const { t } = useTranslation('settings');
  const { keys: chosen } = usePreferences();
  const title = t(`shell:shortcuts.${name}`);
  const reset = (): void => choose(without(chosen, name), t('saved', { what: title }), t('undo'));
  return (
    <tr>
      <th scope="row">{title}</th>
      <td>
        {isAsked ? <span role="status">{t('shortcuts.press')}</span> : <kbd>{keysText(keysFor(name, chosen))}</kbd>}
        {refusal === null ? null : (
          <span className="sm block shortcut-problem" role="alert">
            {refusal}
          </span>
        )}
      </td>
      <td>
        <span className="row">
          <Button acts={false} onClick={onAsk}>
            {isAsked ? t('shortcuts.keep') : t('shortcuts.change')}
            <span className="sr">{title}</span>
          </Button>
          {chosen[name] === undefined ? null : (
            <Button acts={false} onClick={reset}>
              {t('shortcuts.reset')}
              <span className="sr">{title}</span>
            </Button>
          )}
        </span>
      </td>
    </tr>
  );
}

/** While somebody is asked for keys they do nothing else; Escape keeps the old ones, Tab moves on and keeps them too. */
function usePressedKeys(isAsked: boolean, onKeys: (keys: string) => void, onKept: () => void): void {
  useEffect(() => {
    if (!isAsked) return undefined;
    const onKey = (event: KeyboardEvent): void => {
      const keys = keysOf(event);
      if (keys === 'Tab') {
        onKept();
        return;
      }
      event.preventDefault();
      event.stopImmediatePropagation();
      if (keys === 'Escape') onKept();
      else if (keys !== null) onKeys(keys);
    };
    window.addEventListener('keydown', onKey, true);
    return () => window.removeEventListener('keydown', onKey, true);
  });
}
