import AxeBuilder from '@axe-core/playwright';
import type { Page } from 'playwright-core';

/** The rules whose verdict hangs on colours. */
export const COLOUR_RULES: readonly string[] = ['color-contrast', 'link-in-text-block'];

/**
 * Colours on their way from one theme to the other are neither's. What inherits a colour begins its own transition when that of its parent
 * goes on: all have ended once two frames have begun none.
 */
async function untilTransitionsEnded(page: Page): Promise<void> {
  await page.evaluate(async () => {
    for (let still = 0; still < 2; still++) {
      await new Promise((resolve) => requestAnimationFrame(resolve));
      const ending = document
        .getAnimations()
        .filter((one) => one.playState === 'running' && one.effect?.getComputedTiming().iterations !== Infinity);
      if (ending.length > 0) still = -1;
      await Promise.allSettled(ending.map((one) => one.finished));
    }
  });
}

/**
 * Everything that axe holds against what is shown, as `rule element`; empty = nothing. What passes is not listed: a name in the page for
 * each element that is right takes axe as long as judging it. `exclude` is a selector, `rules` are all unless they are named.
 */
export async function axeViolations(
  page: Page,
  exclude?: string,
  rules?: readonly string[],
): Promise<readonly string[]> {
  await untilTransitionsEnded(page);
  // Its 650 kB are read once in a document: the builder would hand them in anew, twice for each judgement.
  const isThere = await page.evaluate(() => 'axe' in window);
  // Legacy: judged in the page itself, which has no frames, and not in a second one that is opened for it.
  const axe = new AxeBuilder({ page, ...(isThere ? { axeSource: 'void 0' } : {}) }).setLegacyMode(true);
  axe.options({ resultTypes: ['violations'] });
  if (exclude !== undefined) axe.exclude(exclude);
  if (rules !== undefined) axe.withRules([...rules]);
  const { violations } = await axe.analyze();
  return violations.map((one) => `${one.id} ${one.nodes[0]?.html}`);
}
