import type { TFunction } from 'i18next';
import type { FactChange } from '../../../../shared/model/comparison.ts';

/** What of a fact is another one, in a line. */
export function changeWords({ of, is, before, after }: FactChange, t: TFunction<'compare'>): string {
  if (is === 'moved') return t('compare:change.moved');
  if (is !== 'other' || before === undefined) return `${of}: ${t(`compare:change.${is}`)}`;
  return `${of}: ${t('compare:thenNow', { before: before ?? t('compare:nothing'), after: after ?? t('compare:nothing') })}`;
}
