#!/usr/bin/env node
import { readFile } from 'node:fs/promises';
import { main, progress, UsageError } from '../lib/cli.mjs';

/** The last values that are held against all before them. */
const RECENT = 4;
const round = (value) => Math.round(value * 100) / 100;
const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

function look({ service, metric, values }) {
  if (!Array.isArray(values) || values.length <= 2 * RECENT)
    throw new UsageError(`${service} ${metric} has too few values`);
  const before = values.slice(0, -RECENT);
  const usual = mean(before);
  const spread = Math.sqrt(mean(before.map((value) => (value - usual) ** 2)));
  // A series that never moved has no spread: any change counts in percent of it instead.
  const unit = spread > 0 ? spread : Math.abs(usual) / 100 || 1;
  const scores = values.map((value) => Math.abs(value - usual) / unit);
  return { service, metric, usual: round(usual), value: values.at(-1), score: round(scores.at(-1)), scores };
}

const severityOf = (score, threshold) => {
  if (score < threshold) return 'none';
  if (score < 3 * threshold) return 'medium';
  return score < 10 * threshold ? 'high' : 'critical';
};

async function anomaly({ file, threshold }) {
  const { series, from, interval_minutes: minutes } = JSON.parse(await readFile(file, 'utf8'));
  const least = Number(threshold);
  const found = series.map(look).sort((one, other) => other.score - one.score);
  for (const { service, metric, score } of found) progress(`${service} ${metric}: ${score}`);
  const [{ scores, ...worst }] = found;
  const first = scores.findIndex((_score, at) => scores.slice(at).every((score) => score >= least));
  const since = first < 0 ? null : new Date(Date.parse(from) + first * minutes * 60_000).toISOString();
  return { ...worst, severity: severityOf(worst.score, least), since };
}

await main({ anomaly });
