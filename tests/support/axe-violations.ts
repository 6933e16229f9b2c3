import AxeBuilder from '@axe-core/playwright';
import type { Page } from 'playwright-core';

/**
 * Everything that axe holds against what is shown, as `rule element`; empty = nothing. What passes is not listed: a name in the page for
 * each element that is right takes axe as long as judging it. `exclude` is a selector.
 */
export async function axeViolations(page: Page, exclude?: string): Promise<readonly string[]> {
  // Legacy: judged in the page itself, which has no frames, and not in a second one that is opened for it.
  const axe = new AxeBuilder({ page }).setLegacyMode(true).options({ resultTypes: ['violations'] });
  if (exclude !== undefined) axe.exclude(exclude);
  const { violations } = await axe.analyze();
  return violations.map((one) => `${one.id} ${one.nodes[0]?.html}`);
}
