#!/usr/bin/env node
import { readFile } from 'node:fs/promises';
import { main, progress, readJson, UsageError, writeOutput } from '../lib/cli.mjs';
import { parseCsv, toCsvLine } from '../lib/csv.mjs';

/** How many units of each currency one euro buys, by month. */
async function rates({ file = 'sample-data/rates.csv', currency }) {
  progress(`reading rates from ${file}`);
  const [, ...records] = parseCsv(await readFile(file, 'utf8'));
  const table = {};
  for (const { fields, line } of records) {
    const [month, name, rate] = fields;
    if (!(Number(rate) > 0)) throw new UsageError(`Line ${line} of ${file} has no rate`);
    table[month] = { ...table[month], EUR: 1, [name]: Number(rate) };
  }
  const months = Object.keys(table).sort();
  const lacking = months.filter((month) => table[month][currency] === undefined);
  if (months.length === 0 || lacking.length > 0)
    throw new UsageError(`The table has no ${currency} rate for ${lacking.join(', ')}`);
  progress(`rates for ${months.length} months, ${months[0]} to ${months.at(-1)}`);
  return { source: file, table };
}

function rateOf(table, month, currency) {
  const rate = table[month]?.[currency] ?? table['*']?.[currency];
  if (rate === undefined) throw new UsageError(`No rate for ${currency} in ${month}`);
  return rate;
}

const round = (amount) => Math.round(amount * 100) / 100;

function addTo(groups, key, amount) {
  const group = groups.get(key) ?? { amount: 0, orders: 0 };
  groups.set(key, { amount: group.amount + amount, orders: group.orders + 1 });
}

const sorted = (groups) =>
  [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, group]) => ({ name, amount: round(group.amount), orders: group.orders }));

/** Regions that sold at least a tenth less in the last month than in the one before. */
function findFalling(cells, regions, months) {
  const [before, last] = months.slice(-2);
  if (last === undefined) return [];
  return regions.flatMap((name) => {
    const [was, is] = [before, last].map((month) => round(cells.get(`${name}|${month}`)?.amount ?? 0));
    const change = was === 0 ? 0 : Math.round(((is - was) / was) * 1000) / 10;
    return change <= -10 ? [{ name, before: was, after: is, change_percent: change }] : [];
  });
}

async function aggregate({ rows, currency, rates: ratesText, min_amount: minimum = '0', month = '' }) {
  const orders = await readJson(rows);
  const table = JSON.parse(ratesText);
  const [byRegion, byMonth, byProduct, cells] = [new Map(), new Map(), new Map(), new Map()];
  let [counted, tooSmall, total] = [0, 0, 0];
  for (const order of orders) {
    const orderMonth = order.date.slice(0, 7);
    if (month !== '' && orderMonth !== month) continue;
    const euros = (order.quantity * order.unit_price) / rateOf(table, orderMonth, order.currency);
    const amount = euros * rateOf(table, orderMonth, currency);
    if (amount < Number(minimum)) {
      tooSmall++;
      continue;
    }
    counted++;
    total += amount;
    addTo(byRegion, order.region, amount);
    addTo(byMonth, orderMonth, amount);
    addTo(byProduct, order.product, amount);
    addTo(cells, `${order.region}|${orderMonth}`, amount);
  }
  if (counted === 0) throw new UsageError('No order is left: check min_amount and month');
  const [regions, months] = [sorted(byRegion), sorted(byMonth)];
  progress(`${counted} orders count, ${tooSmall} are below ${minimum} ${currency}`);
  for (const region of regions)
    progress(`${region.name}: ${region.amount.toFixed(2)} ${currency} in ${region.orders} orders`);
  const grid = regions.flatMap((region) =>
    months.map((one) => {
      const cell = cells.get(`${region.name}|${one.name}`) ?? { amount: 0, orders: 0 };
      return { region: region.name, month: one.name, orders: cell.orders, amount: round(cell.amount) };
    }),
  );
  const names = regions.map((region) => region.name);
  const summary = {
    currency,
    total: round(total),
    orders: counted,
    too_small: tooSmall,
    average: round(total / counted),
    regions,
    months,
    products: sorted(byProduct).sort((a, b) => b.amount - a.amount),
    grid,
    best_region: [...regions].sort((a, b) => b.amount - a.amount)[0].name,
    last_month: months.at(-1).name,
    falling: findFalling(
      cells,
      names,
      months.map((one) => one.name),
    ),
  };
  const lines = grid.map((cell) => toCsvLine([cell.region, cell.month, cell.orders, cell.amount.toFixed(2)]));
  const summaryCsv = await writeOutput(
    'summary.csv',
    toCsvLine(['region', 'month', 'orders', `amount_${currency.toLowerCase()}`]) + lines.join(''),
  );
  const summaryJson = await writeOutput('summary.json', `${JSON.stringify(summary, null, 2)}\n`);
  const { grid: _grid, ...result } = summary;
  return { ...result, summary_csv: summaryCsv, summary_json: summaryJson };
}

await main({ rates, aggregate });
