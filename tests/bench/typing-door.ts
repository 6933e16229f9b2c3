// A workflow of 2,000 lines that is typed into in the editor of a real page: what the check of each letter takes from the page's question to
// its answer, through the browser door, its host and its worker. `node tests/bench/typing-door.ts --dir=<empty dir> [--letters=200]`
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { launchBrowser } from '../support/doors/index.ts';
import { emit, parseArgs, percentile, round } from './measure.mjs';
import { textOf } from './typed-text.mjs';

interface Timed {
  took: number[];
}

const { dir, ...args } = parseArgs() as unknown as { dir: string; letters?: string };
const letters = Number(args.letters ?? 200);
const WARM = 20;
const project = join(dir, 'office');
mkdirSync(join(project, '.aiworkflow/workflows'), { recursive: true });
writeFileSync(join(project, 'aiworkflow.yaml'), 'version: "1.0"\n');
writeFileSync(join(project, '.aiworkflow/workflows/typed.md'), textOf('description: '.length));
const { page, close } = await launchBrowser({ projectPath: project, home: join(dir, 'home') });
page.setDefaultTimeout(60_000);
await page.getByRole('heading', { level: 1 }).first().waitFor();
await page.evaluate(() => {
  location.hash = '#/workflows/typed?tab=source';
});
const editor = page.getByRole('textbox', { name: /^Text of / });
await editor.waitFor();
await page.evaluate(() => {
  const timed = window as unknown as Window & Timed;
  timed.took = [];
  const { fetch } = window;
  window.fetch = async (...asked) => {
    const isCheck = String(asked[1]?.body ?? '').includes('"workflows.check"');
    const before = performance.now();
    const answer = await fetch(...asked);
    if (isCheck) {
      await answer.clone().json();
      timed.took.push(performance.now() - before);
    }
    return answer;
  };
});
await editor.focus();
await page.keyboard.press('Control+f');
await page.getByRole('textbox', { name: 'Find' }).fill('description: ');
await page.keyboard.press('Enter');
await page.keyboard.press('Escape');
await editor.focus();
await page.keyboard.press('End');
await page.keyboard.type('what somebody writes, letter after letter '.repeat(9).slice(0, letters + WARM), {
  delay: 100,
});
const took = await page.evaluate(() => (window as unknown as Window & Timed).took);
await close();
emit({ door_p95_ms: round(percentile(took.slice(WARM), 95), 1), asked: took.length - WARM });
process.exit(0);
