#!/usr/bin/env node
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { main, outputPath, progress, UsageError } from '../lib/cli.mjs';

/** So many pages the tracker gives to one visitor; then it asks them to come back, as trackers do. */
const PAGES_A_VISIT = 3;
/** EX_TEMPFAIL of sysexits.h: not now, but trying again helps. */
const TRY_AGAIN = 75;

class Limited extends Error {}

async function page(folder, number) {
  const path = join(folder, `page-${number}.json`);
  const text = await readFile(path, 'utf8').catch(() => {
    throw new UsageError(`Cannot read ${path}`);
  });
  const found = JSON.parse(text);
  if (!Array.isArray(found.pull_requests)) throw new UsageError(`${path} holds no list of pull requests`);
  return found;
}

/** What an earlier attempt of this step has read: a retry goes on behind it instead of beginning again. */
const keptFile = () => outputPath('tracker-pages.json');
const readKept = async () => JSON.parse(await readFile(keptFile(), 'utf8').catch(() => '[]'));

async function keep(pages) {
  const half = `${keptFile()}.part`;
  await writeFile(half, JSON.stringify(pages));
  await rename(half, keptFile());
}

async function merged({ tracker }) {
  const pages = await readKept();
  if (pages.length > 0) progress(`going on behind page ${pages.length}`);
  let total = pages[0]?.pages ?? 1;
  for (let visit = 0; pages.length < total; visit += 1) {
    if (visit === PAGES_A_VISIT) throw new Limited(`The tracker gives ${PAGES_A_VISIT} pages at a time: try again`);
    const next = await page(tracker, pages.length + 1);
    total = next.pages;
    pages.push(next);
    await keep(pages);
    progress(`page ${pages.length} of ${total}: ${next.pull_requests.length} pull requests`);
  }
  return { pull_requests: pages.flatMap((one) => one.pull_requests), pages: pages.length };
}

await main({ merged }, (error) => (error instanceof Limited ? TRY_AGAIN : null));
