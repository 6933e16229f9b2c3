#!/usr/bin/env node
import { main, writeOutput } from '../lib/cli.mjs';

async function channel({ title, message }) {
  return { channel_file: await writeOutput('channel.md', `# ${title}\n\n- ${message}\n`) };
}

async function ticket({ title, severity, anomaly }) {
  const record = { title, severity, status: 'open', anomaly: JSON.parse(anomaly) };
  return { ticket_file: await writeOutput('ticket.json', `${JSON.stringify(record, null, 2)}\n`) };
}

await main({ channel, ticket });
