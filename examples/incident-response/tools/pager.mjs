#!/usr/bin/env node
import { appendFile, readFile } from 'node:fs/promises';
import { main, outputPath, progress, UsageError } from '../lib/cli.mjs';

const OUTBOX = 'pages.jsonl';

async function send(to, message) {
  await appendFile(outputPath(OUTBOX), `${JSON.stringify({ to, message })}\n`);
  progress(`paged ${to}`);
}

async function page({ rota, position, message }) {
  const { on_call: people } = JSON.parse(await readFile(rota, 'utf8'));
  const person = people[Number(position)];
  if (person === undefined) throw new UsageError(`Nobody stands at place ${position} of the rota`);
  if (!person.reachable) throw new Error(`${person.name} cannot be reached`);
  await send(person.name, message);
  return { person: person.name };
}

async function escalate({ rota, message }) {
  const { escalate_to: to, acknowledged } = JSON.parse(await readFile(rota, 'utf8'));
  if (acknowledged.length > 0) return { escalated: false, by: acknowledged[0] };
  await send(to, message);
  return { escalated: true, to };
}

await main({ page, escalate });
