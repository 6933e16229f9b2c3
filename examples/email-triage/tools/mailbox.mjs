#!/usr/bin/env node
import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { main, outputPath, progress, UsageError } from '../lib/cli.mjs';

/** Head and body of a plain text message; a head line that begins with a blank goes on from the one above. */
function parse(text) {
  const at = text.search(/\r?\n\r?\n/);
  if (at < 0) throw new UsageError('A message without a body');
  const lines = text
    .slice(0, at)
    .replace(/\r?\n[ \t]+/g, ' ')
    .split(/\r?\n/);
  const head = Object.fromEntries(
    lines.map((line) => [line.split(':')[0].toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  );
  return { from: head.from ?? '', subject: head.subject ?? '', date: head.date ?? '', body: text.slice(at).trim() };
}

async function read({ folder }) {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.eml')).sort();
  progress(`${names.length} messages in ${folder}`);
  const messages = names.map(async (name) => {
    const file = join(folder, name);
    return { id: basename(name, '.eml'), file, ...parse(await readFile(file, 'utf8')) };
  });
  return Promise.all(messages);
}

async function move({ file, folder, draft = '' }) {
  // The category is an agent's word: it names a folder and never a way out of it.
  if (!/^[a-z]+$/.test(folder)) throw new UsageError(`Not a folder of this mailbox: ${folder}`);
  const target = outputPath(join('mail', folder));
  await mkdir(target, { recursive: true });
  await copyFile(file, join(target, basename(file)));
  if (draft !== '') await writeFile(join(target, `${basename(file, '.eml')}.draft.txt`), `${draft}\n`);
  progress(`${basename(file)} is in ${folder}`);
  return { file: `mail/${folder}/${basename(file)}`, folder, has_draft: draft !== '' };
}

async function summary(parameters) {
  const moves = JSON.parse(parameters.moves).filter((one) => one !== null);
  const by_category = {};
  for (const { folder } of moves) by_category[folder] = (by_category[folder] ?? 0) + 1;
  const tickets = JSON.parse(parameters.tickets).filter((one) => one?.opened);
  return {
    processed: JSON.parse(parameters.emails).length,
    moved: moves.length,
    drafts: moves.filter((one) => one.has_draft).length,
    tickets: tickets.length,
    by_category,
  };
}

await main({ read, move, summary });
