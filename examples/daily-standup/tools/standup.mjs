#!/usr/bin/env node
import { readFile } from 'node:fs/promises';
import { main, outputPath, progress, UsageError, writeOutput } from '../lib/cli.mjs';

async function readList(file) {
  const list = JSON.parse(await readFile(file, 'utf8'));
  if (!Array.isArray(list)) throw new UsageError(`${file} is no list`);
  return list;
}

/** When it happened: an instant, or hours before now as in the sample data, which would be too old by tomorrow otherwise. */
const instantOf = ({ at, hours_ago: hours }, until) => (at === undefined ? until - hours * 3_600_000 : Date.parse(at));

async function within({ file, since, until }) {
  const [from, to] = [Date.parse(since), Date.parse(until)];
  if (Number.isNaN(from) || Number.isNaN(to)) throw new UsageError(`'${since}' or '${until}' is no instant`);
  const all = await readList(file);
  const found = all.filter((one) => instantOf(one, to) > from && instantOf(one, to) <= to);
  progress(`${found.length} of ${all.length} in ${file}`);
  return found;
}

async function summary({ team, issues, messages }) {
  const names = await readList(team);
  const changes = JSON.parse(issues);
  const said = JSON.parse(messages);
  const of = (name, state) =>
    changes.filter((one) => one.by === name && one.state === state).map(({ id, title }) => ({ id, title }));
  const people = names.map((name) => ({
    name,
    done: of(name, 'done'),
    doing: of(name, 'doing'),
    blocked: said.filter(({ by, text }) => by === name && /\bblocked\b/i.test(text)).map(({ text }) => text),
  }));
  const isHeard = (name) => changes.some(({ by }) => by === name) || said.some(({ by }) => by === name);
  return { people, quiet: names.filter((name) => !isHeard(name)) };
}

/** The channel is a file here; a live variant calls a chat service instead. */
async function post({ file, channel }) {
  const text = await readFile(outputPath(file), 'utf8');
  return { file: await writeOutput(`channel-${channel}.md`, text), bytes: Buffer.byteLength(text) };
}

await main({ issues: within, messages: within, summary, post });
