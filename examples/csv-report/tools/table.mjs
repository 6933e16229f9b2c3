#!/usr/bin/env node
import { readFile } from 'node:fs/promises';
import { main, progress, readJson, UsageError, writeOutput } from '../lib/cli.mjs';
import { detectSeparator, parseCsv, toCsvLine } from '../lib/csv.mjs';

const COLUMNS = ['order_id', 'date', 'region', 'customer', 'product', 'quantity', 'unit_price', 'currency'];
const CURRENCIES = ['EUR', 'USD', 'GBP'];

async function read({ file }) {
  progress(`reading ${file}`);
  const text = await readFile(file, 'utf8').catch((error) => {
    throw new UsageError(`Cannot read ${file}: ${error.code}`);
  });
  const separator = detectSeparator(text);
  const [header, ...records] = parseCsv(text, separator);
  const columns = (header?.fields ?? []).map((name) => name.trim().toLowerCase());
  const missing = COLUMNS.filter((name) => !columns.includes(name));
  if (missing.length > 0) throw new UsageError(`Columns are missing: ${missing.join(', ')}`);
  progress(`found ${columns.length} columns and ${records.length} rows, separator ${JSON.stringify(separator)}`);
  const rows = records.map(({ line, fields }) => ({
    line,
    fields: fields.length,
    values: Object.fromEntries(columns.map((name, index) => [name, (fields[index] ?? '').trim()])),
  }));
  const rowsFile = await writeOutput('rows.json', JSON.stringify({ columns, rows }));
  return { rows: rows.length, columns, separator, rows_file: rowsFile };
}

/** `2025-03-04`, `04.03.2025` and `03/04/2025` as ISO text; null when there is no such day. */
function toIsoDate(text) {
  const iso = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  const german = /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/.exec(text);
  const american = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(text);
  const [year, month, day] = iso
    ? [iso[1], iso[2], iso[3]]
    : german
      ? [german[3], german[2], german[1]]
      : american
        ? [american[3], american[1], american[2]]
        : [];
  if (year === undefined) return null;
  const written = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  const date = new Date(`${written}T00:00:00Z`);
  return Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== written ? null : written;
}

/** `1,234.50` and `1.234,50` as a number; null when it is none. */
function toNumber(text) {
  const isComma = /,\d{1,2}$/.test(text);
  const plain = isComma ? text.replaceAll('.', '').replace(',', '.') : text.replaceAll(',', '');
  return /^-?\d+(\.\d+)?$/.test(plain) ? Number(plain) : null;
}

function check(row, columns, regions, seen) {
  const { values } = row;
  if (row.fields !== columns.length) return { reason: `has ${row.fields} fields instead of ${columns.length}` };
  if (values.order_id === '') return { reason: 'order_id is empty' };
  if (seen.has(values.order_id)) return { reason: 'duplicate order_id' };
  const date = toIsoDate(values.date);
  if (date === null) return { reason: 'date is missing or impossible' };
  const region = regions.find((name) => name.toLowerCase() === values.region.toLowerCase());
  if (region === undefined) return { reason: 'unknown region' };
  const quantity = toNumber(values.quantity);
  if (quantity === null || quantity <= 0 || !Number.isInteger(quantity))
    return { reason: 'quantity is not a positive number' };
  const price = toNumber(values.unit_price);
  if (price === null || price < 0) return { reason: 'unit_price is not an amount' };
  const currency = values.currency.toUpperCase();
  if (!CURRENCIES.includes(currency)) return { reason: 'unknown currency' };
  return { clean: { ...values, date, region, quantity, unit_price: price, currency } };
}

async function clean({ rows, regions }) {
  const table = await readJson(rows);
  const known = regions === undefined ? ['North', 'South', 'East', 'West'] : JSON.parse(regions);
  const seen = new Set();
  const [accepted, rejected, reasons] = [[], [], {}];
  for (const row of table.rows) {
    const result = check(row, table.columns, known, seen);
    if (result.clean !== undefined) {
      seen.add(result.clean.order_id);
      accepted.push(result.clean);
    } else {
      reasons[result.reason] = (reasons[result.reason] ?? 0) + 1;
      rejected.push({ line: row.line, reason: result.reason, ...row.values });
      progress(`line ${row.line}: ${result.reason}`);
    }
  }
  progress(`${accepted.length} rows are clean, ${rejected.length} were set aside`);
  const cleanFile = await writeOutput(
    'clean.csv',
    toCsvLine(COLUMNS) + accepted.map((row) => toCsvLine(COLUMNS.map((name) => row[name]))).join(''),
  );
  const cleanRows = await writeOutput('clean.json', JSON.stringify(accepted));
  const head = ['line', 'reason', ...COLUMNS];
  const rejectedFile = await writeOutput(
    'rejected.csv',
    toCsvLine(head) + rejected.map((row) => toCsvLine(head.map((name) => row[name]))).join(''),
  );
  const share = table.rows.length === 0 ? 0 : rejected.length / table.rows.length;
  return {
    accepted: accepted.length,
    rejected: rejected.length,
    rejected_share: Math.round(share * 1000) / 1000,
    reasons,
    clean_file: cleanFile,
    clean_rows: cleanRows,
    rejected_file: rejectedFile,
  };
}

await main({ read, clean });
