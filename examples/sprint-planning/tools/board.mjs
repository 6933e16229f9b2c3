#!/usr/bin/env node
import { readFile } from 'node:fs/promises';
import { main, progress, UsageError } from '../lib/cli.mjs';

async function read({ file }) {
  const list = JSON.parse(await readFile(file, 'utf8'));
  if (!Array.isArray(list) || list.length === 0) throw new UsageError(`${file} is no list with something in it`);
  return list;
}

async function choose({ backlog, capacity }) {
  const items = JSON.parse(backlog).toSorted((one, other) => one.priority - other.priority);
  const chosen = [];
  const left_out = [];
  let points = 0;
  for (const item of items) {
    const lacks = item.needs.filter((id) => !chosen.some((one) => one.id === id));
    const why = lacks.length > 0 ? `needs ${lacks.join(', ')}` : 'does not fit';
    if (lacks.length > 0 || points + item.points > Number(capacity)) {
      left_out.push({ ...item, why });
      continue;
    }
    chosen.push(item);
    points += item.points;
    progress(`${item.id}: ${item.points} points, ${points} of ${capacity}`);
  }
  return { chosen, left_out, points };
}

await main({ read, choose });
