import { useTranslation } from 'react-i18next';
import { SHORTCUT_NAMES, shortcut } from '../../shared/model/shortcuts.ts';
import { getHost } from '../client/bridge.ts';
import { Dialog } from '../ui/dialog.tsx';
import { shortcutText } from '../ui/shortcuts.ts';
import { SECTIONS, sectionModifier } from './sections.ts';

/** All keys in one list. */
export function ShortcutsDialog({ isOpen, onClose }: { readonly isOpen: boolean; readonly onClose: () => void }) {
  const { t } = useTranslation('shell');
  const keys: readonly (readonly [string, string])[] = [
    [shortcutText('palette'), t('shortcuts.palette')],
    ...SECTIONS.map(
      (section, index) =>
        [`${sectionModifier()} ${index + 1}`, t('shortcuts.goTo', { name: t(section.nameKey) })] as const,
    ),
    ...SHORTCUT_NAMES.filter(
      (name) => name !== 'palette' && (shortcut(name).isOfDesktop !== true || getHost() !== null),
    ).map((name) => [shortcutText(name), t(`shortcuts.${name}`)] as const),
    ['Esc', t('shortcuts.escape')],
  ];
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title={t('shortcuts.title')} width="26rem">
      <dl className="kv">
        {keys.map(([key, text]) => (
          <div key={key} className="contents">
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
