import { Equal } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { FactComparison } from '../../../../shared/model/comparison.ts';
import { Icon } from '../../../ui/icon.tsx';
import { changeWords } from './change-words.ts';

/** What changed between two runs and what did not, from what was written down of them. */
export function ComparedFacts({ facts }: { readonly facts: readonly FactComparison[] }) {
  const { t } = useTranslation('compare');
  const changed = facts.filter(({ isChanged }) => isChanged);
  const same = facts.filter(({ isChanged }) => !isChanged);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keys
    <aside className="compare-facts" aria-labelledby="compare-facts" tabIndex={0}>
      <h2 id="compare-facts">{t('changed')}</h2>
      <p className="muted sm">{t('counts', { changed: changed.length, same: same.length })}</p>
      {changed.map((one) => (
        <section key={one.fact} className="fact">
          <h3>{t(`fact.${one.fact}`)}</h3>
          <p className="sm">{t('thenNow', { before: one.before || t('nothing'), after: one.after || t('nothing') })}</p>
          {one.changes.length === 0 ? null : (
            <ul className="sm muted">
              {one.changes
                .map((change) => changeWords(change, t))
                .map((text) => (
                  <li key={text} className="mono">
                    {text}
                  </li>
                ))}
            </ul>
          )}
        </section>
      ))}
      {same.length === 0 ? null : (
        <section className="fact">
          <h3>{t('unchanged')}</h3>
          <ul className="sm">
            {same.map(({ fact, after }) => (
              <li key={fact} className="flex gap-2">
                <Icon of={Equal} small />
                <span className="cut" title={after}>
                  {t(`fact.${fact}`)} <span className="muted">{after}</span>
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </aside>
  );
}
