import type { Locator, Page } from 'playwright-core';

/** So many stops of Tab there are at most on a screen. */
const MOST_TABS = 150;

/** How a person works on the screens: with the mouse, or with keys alone. The same walk is gone with both. */
export class Hand {
  readonly #page: Page;
  readonly #hasMouse: boolean;

  constructor(page: Page, means: 'mouse' | 'keys') {
    this.#page = page;
    this.#hasMouse = means === 'mouse';
  }

  /** Presses a button, a link, an option or a box. */
  async press(what: Locator, key = 'Enter'): Promise<void> {
    await what.first().waitFor();
    if (this.#hasMouse) return what.first().click();
    await this.#tabTo(what);
    await this.#page.keyboard.press(key);
  }

  /** Writes into a field, in place of what stands there. */
  async write(field: Locator, text: string): Promise<void> {
    await field.first().waitFor();
    if (this.#hasMouse) await field.first().click();
    else await this.#tabTo(field);
    await this.#page.keyboard.press('Control+a');
    await this.#page.keyboard.type(text);
  }

  /** Opens a tab of a row of tabs, which has one stop of its own: arrows lead on. */
  async openTab(name: RegExp): Promise<void> {
    const tab = this.#page.getByRole('tab', { name });
    await tab.waitFor();
    if (this.#hasMouse) return tab.click();
    await this.#tabTo(this.#page.getByRole('tab', { selected: true }));
    for (let count = 0; count < 12 && !(await hasFocus(tab)); count += 1) await this.#page.keyboard.press('ArrowRight');
    await this.#page.keyboard.press('Enter');
  }

  async #tabTo(what: Locator): Promise<void> {
    const seen: string[] = [];
    for (let count = 0; count < MOST_TABS; count += 1) {
      if (await hasFocus(what)) return;
      seen.push(await this.#page.evaluate(nameOfFocus));
      await this.#page.keyboard.press('Tab');
    }
    throw new Error(`Tab never came to ${what}. It came to:\n${seen.join('\n')}`);
  }
}

/** As a person who hears the page would know it. */
function nameOfFocus(): string {
  const element = document.activeElement;
  const name = element?.getAttribute('aria-label') ?? element?.textContent ?? '';
  return `${element?.getAttribute('role') ?? element?.tagName.toLowerCase()} ${name.replace(/\s+/g, ' ').trim().slice(0, 60)}`;
}

const hasFocus = (what: Locator): Promise<boolean> =>
  what.first().evaluate((element) => element === document.activeElement);
