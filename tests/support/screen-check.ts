import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { axeViolations, COLOUR_RULES } from './axe-violations.ts';
import { GUIDE_DIR } from './paths.ts';

/** With TAKE_PICTURES=1 every screen is also written to docs/guide, both sizes, both themes. */
const TAKES_PICTURES = process.env.TAKE_PICTURES === '1';
export const SIZES = [
  { name: '', width: 1440, height: 900 },
  { name: '-1024', width: 1024, height: 640 },
] as const;
export const THEMES = ['light', 'dark'] as const;
/**
 * The sizes and themes in which a screen is judged. A theme is other colours and no other places, so the dark one is judged in the first size,
 * and in both where pictures are taken.
 */
export const VIEWS = SIZES.flatMap((size) =>
  THEMES.filter((theme) => TAKES_PICTURES || theme === 'light' || size === SIZES[0]).map(
    (theme) => [size, theme] as const,
  ),
);

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Opens an address in a theme and a size, and waits until it stands. */
export async function show(page: Page, route: string, theme: string, size: Size): Promise<void> {
  await page.setViewportSize({ width: size.width, height: size.height });
  await page.evaluate(
    ([to, wanted]) => {
      document.documentElement.dataset.theme = wanted;
      location.hash = to;
    },
    [route, theme] as const,
  );
  await page.locator('h1').first().waitFor();
  await untilStill(page);
}

/**
 * Waits until nothing is asked for any more and nothing moves: the new address is drawn, no part is still a skeleton, every transition has
 * ended, and for eight frames nothing was drawn anew or scrolled. A page that never rests, as one with a clock, is left after 2 seconds.
 */
export async function untilStill(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const nextFrame = () => new Promise((resolve) => requestAnimationFrame(() => resolve(null)));
    let changes = 0;
    const note = () => {
      changes++;
    };
    const observer = new MutationObserver(note);
    observer.observe(document, { subtree: true, childList: true, attributes: true });
    document.addEventListener('scroll', note, true);
    const endAt = performance.now() + 2_000;
    for (let frames = 0; frames < 8 && performance.now() < endAt; frames++) {
      const before = changes;
      await nextFrame();
      const ending = document.getAnimations().filter((one) => one.effect?.getComputedTiming().iterations !== Infinity);
      await Promise.allSettled(ending.map((one) => one.finished));
      if (changes > before || ending.length > 0 || document.querySelector('[aria-busy="true"]') !== null) frames = -1;
    }
    observer.disconnect();
    document.removeEventListener('scroll', note, true);
  });
}

/** No axe violation, nothing wider than the window; a picture where they are taken. */
export async function check(page: Page, where: string): Promise<void> {
  if (TAKES_PICTURES) {
    mkdirSync(GUIDE_DIR, { recursive: true });
    await page.waitForTimeout(400);
    await page.screenshot({ path: join(GUIDE_DIR, `${where}.png`) });
  }
  // Lines that scroll while axe measures lie under other parts for a moment; the log that stands is judged on the ended runs.
  expect(await stillViolations(page, where.startsWith('run-live') ? '.log-box' : undefined), where).toEqual([]);
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(overflow, `${where} is wider than its window`).toBeLessThanOrEqual(0);
}

/** 200 % zoom of a window of 1440 × 900. */
const ZOOMED = { width: 720, height: 450 };

/** At 200 % zoom and in compact rows: nothing wider than the window, nothing that acts or names the screen beyond its edge. */
export async function checkZoomed(page: Page, where: string, route: string): Promise<void> {
  await page.evaluate(() => {
    document.documentElement.dataset.density = 'compact';
  });
  await show(page, route, 'light', ZOOMED);
  if (TAKES_PICTURES) {
    // They are for whoever looks at a change, not for the guide.
    const folder = join(tmpdir(), 'aiworkflow-zoomed');
    mkdirSync(folder, { recursive: true });
    await page.screenshot({ path: join(folder, `${where}.png`) });
  }
  expect(await page.evaluate(findBeyondEdge), `${where} at 200 %`).toEqual([]);
}

/** What is wider than the window, or stands beyond its edge where nobody can scroll to it. */
function findBeyondEdge(): readonly string[] {
  const root = document.documentElement;
  const wider = root.scrollWidth > root.clientWidth ? [`the page, by ${root.scrollWidth - root.clientWidth} px`] : [];
  const canScroll = (element: Element | null): boolean => {
    for (let at = element; at !== null && at !== document.body; at = at.parentElement)
      if (/auto|scroll/.test(getComputedStyle(at).overflowX) && at.scrollWidth > at.clientWidth) return true;
    return false;
  };
  const beyond = [
    ...document.querySelectorAll('button, a[href], h1, h2, input, select, textarea, [role="tab"]'),
  ].filter((element) => {
    const { left, right, width } = element.getBoundingClientRect();
    const isShown = width > 1 && (element as HTMLElement).checkVisibility({ visibilityProperty: true });
    return (
      isShown && (right > innerWidth + 1 || left < -1) && element.closest('.sr, .skip') === null && !canScroll(element)
    );
  });
  return [...wider, ...beyond.map((element) => `${element.tagName} ${element.textContent?.trim().slice(0, 60)}`)];
}

const MOST_MEASUREMENTS = 5;

/** The page that was last found to be without violations, as `seenAs` gives it. */
let faultless = '';

/** All that axe judges but the colours: a theme is nothing but other values of the colours (src/renderer/theme/tokens.css). */
const seenAs = (page: Page, exclude: string | undefined): Promise<string> =>
  page.evaluate((left) => {
    const root = document.documentElement.cloneNode(true) as HTMLElement;
    delete root.dataset.theme;
    return `${innerWidth} ${innerHeight} ${location.href} ${left} ${root.outerHTML}`;
  }, exclude);

/**
 * axe takes a second; what it held against a page that was drawn anew meanwhile is measured again. A page that it has just judged in the
 * other theme is judged by its colours alone.
 */
async function stillViolations(page: Page, exclude: string | undefined): Promise<readonly string[]> {
  for (let left = MOST_MEASUREMENTS; ; left--) {
    const before = await seenAs(page, exclude);
    const violations = await axeViolations(page, exclude, before === faultless ? COLOUR_RULES : undefined);
    const isSame = violations.length > 0 && (await seenAs(page, exclude)) === before;
    if (violations.length === 0) faultless = before;
    if (violations.length === 0 || left === 1 || isSame) return violations;
    await untilStill(page);
  }
}

/** What stands open now, in each view; `ready` is waited for in each. */
export async function checkOpened(page: Page, name: string, ready?: () => Promise<unknown>): Promise<void> {
  for (const [size, theme] of VIEWS) {
    await page.setViewportSize({ width: size.width, height: size.height });
    await page.evaluate((wanted) => {
      document.documentElement.dataset.theme = wanted;
    }, theme);
    await ready?.();
    await untilStill(page);
    await check(page, `${name}-${theme}${size.name}`);
  }
}
