import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { axeViolations } from './axe-violations.ts';
import { CHROMIUM_FLAGS, CHROMIUM_PATH } from './electron-stand-in/launch-chromium.ts';

let browser: Browser;
let page: Page;

beforeAll(async () => {
  browser = await chromium.launch({ executablePath: CHROMIUM_PATH, args: CHROMIUM_FLAGS });
  page = await (await browser.newContext()).newPage();
});
afterAll(() => browser?.close());

const rules = async (main: string, exclude?: string): Promise<readonly string[]> => {
  await page.setContent(`<html lang="en"><title>t</title><main><h1>Title</h1>${main}</main></html>`);
  return (await axeViolations(page, exclude)).map((one) => one.replace(/ .*/s, '')).sort();
};

it('names every rule that is broken, and nothing of what is right', async () => {
  expect(await rules('<p>Words</p>')).toEqual([]);
  expect(await rules('<img src="x.png"><p style="color: #aaa; background: #fff">pale</p><button></button>')).toEqual([
    'button-name',
    'color-contrast',
    'image-alt',
  ]);
});

it('leaves out what it is told to', async () => {
  expect(await rules('<div class="box"><button></button></div>', '.box')).toEqual([]);
});
