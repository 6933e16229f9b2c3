import { RefreshCw, TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { RepeatedStep } from '../../shared/contract/index.ts';
import { Icon } from './icon.tsx';
import { Note } from './notes.tsx';

/** More of them say no more. */
const SHOWN = 12;

/** The steps whose effects come again by name; those that only read, or may be repeated, as a number. */
export function Repeats({ steps }: { readonly steps: readonly RepeatedStep[] }) {
  const { t } = useTranslation('run');
  const again = steps.filter(({ effect }) => effect === 'effect');
  const harmless = steps.length - again.length;
  return (
    <Note
      tone={again.length === 0 ? 'plain' : 'waiting'}
      icon={again.length === 0 ? RefreshCw : TriangleAlert}
      className="mt-3"
    >
      <b>{again.length === 0 ? t('retry.noEffects') : t('retry.effects', { count: again.length })}</b>
      {again.length === 0 ? null : (
        <ul className="mt-1 grid gap-1" aria-label={t('retry.effectsName')}>
          {again.slice(0, SHOWN).map(({ path, name }) => (
            <li key={path} className="row">
              <Icon of={RefreshCw} small />
              <span className="cut">{name}</span>
            </li>
          ))}
          {again.length > SHOWN ? <li>{t('retry.more', { count: again.length - SHOWN })}</li> : null}
        </ul>
      )}
      {harmless === 0 ? null : <p className="sm muted mt-1">{t('retry.harmless', { count: harmless })}</p>}
    </Note>
  );
}
