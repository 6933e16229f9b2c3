import { useTranslation } from 'react-i18next';
import { Dialog } from '../ui/dialog.tsx';
import { modifierKey } from '../ui/keyboard.ts';
import { SECTIONS, sectionModifier } from './sections.ts';

/** All keys in one list. */
export function ShortcutsDialog({ isOpen, onClose }: { readonly isOpen: boolean; readonly onClose: () => void }) {
  const { t } = useTranslation('shell');
  const keys: readonly (readonly [string, string])[] = [
    [`${modifierKey()} K`, t('shortcuts.palette')],
    ...SECTIONS.map(
      (section, index) =>
        [`${sectionModifier()} ${index + 1}`, t('shortcuts.goTo', { name: t(section.nameKey) })] as const,
    ),
    ['/', t('shortcuts.search')],
    ['j k', t('shortcuts.move')],
    ['a', t('shortcuts.approve')],
    ['r', t('shortcuts.reject')],
    [`${modifierKey()} ⏎`, t('shortcuts.run')],
    ['?', t('shortcuts.help')],
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
