#!/usr/bin/env node
import { main, UsageError, writeOutput } from '../lib/cli.mjs';

async function open({ email, blocked_senders: blocked = '[]' }) {
  const { id, from, subject, body } = JSON.parse(email);
  if (!/^\w+$/.test(id)) throw new UsageError(`Not the name of a message: ${id}`);
  if (JSON.parse(blocked).some((sender) => from.includes(sender))) throw new UsageError(`No tickets for ${from}`);
  const ticket = { number: `T-${id}`, from, subject, body, status: 'open' };
  await writeOutput(`ticket-${id}.json`, `${JSON.stringify(ticket, null, 2)}\n`);
  return { opened: true, number: ticket.number };
}

await main({ open });
