#!/usr/bin/env node
import { drawBars } from '../lib/chart.mjs';
import { main, progress, readJson, writeOutput } from '../lib/cli.mjs';

const escapes = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escapeHtml = (text) => String(text).replace(/[&<>"']/g, (char) => escapes[char]);

const money = (amount, currency) =>
  `${amount.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })} ${escapeHtml(currency)}`;

function drawTable(caption, rows, currency) {
  const body = rows.map(
    (row) =>
      `<tr><th scope="row">${escapeHtml(row.name)}</th><td>${row.orders}</td><td>${money(row.amount, currency)}</td></tr>`,
  );
  return `<table><caption>${escapeHtml(caption)}</caption>
<thead><tr><th scope="col">${escapeHtml(caption)}</th><th scope="col">Orders</th><th scope="col">Amount</th></tr></thead>
<tbody>${body.join('\n')}</tbody></table>`;
}

const STYLE = `body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:60rem;padding:0 1rem;color:#1c2430;background:#fff}
h1{margin:0 0 .25rem}table{border-collapse:collapse;margin:1.5rem 0;width:100%}caption{text-align:left;font-weight:600}
th,td{padding:.35rem .6rem;border-bottom:1px solid #d9dee6;text-align:left}td{text-align:right;font-variant-numeric:tabular-nums}
.figures{display:flex;gap:2rem;flex-wrap:wrap;margin:1rem 0}.figures b{display:block;font-size:1.5rem}
svg{width:100%;height:auto}footer{color:#5b6675;font-size:.875rem;margin-top:2rem}
@media(prefers-color-scheme:dark){body{background:#14181f;color:#e6e9ee}th,td{border-color:#333c49}footer{color:#9aa5b5}}`;

async function html({ summary: file, rejected = '0' }) {
  const summary = await readJson(file);
  const title = process.env.REPORT_TITLE || 'Sales report';
  progress(`drawing ${summary.regions.length} regions over ${summary.months.length} months`);
  const chart = drawBars(summary.grid, summary.currency);
  const figures = [
    ['Turnover', money(summary.total, summary.currency)],
    ['Orders', summary.orders],
    ['Average order', money(summary.average, summary.currency)],
    ['Best region', escapeHtml(summary.best_region)],
  ];
  const falling = summary.falling.map(
    (region) => `<li>${escapeHtml(region.name)}: ${region.change_percent} % in ${escapeHtml(summary.last_month)}</li>`,
  );
  const page = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeHtml(title)}</title><style>${STYLE}</style></head>
<body><h1>${escapeHtml(title)}</h1>
<p>${escapeHtml(summary.months[0].name)} to ${escapeHtml(summary.last_month)}, all amounts in ${escapeHtml(summary.currency)}</p>
<div class="figures">${figures.map(([name, value]) => `<div>${name}<b>${value}</b></div>`).join('')}</div>
${chart}
${falling.length === 0 ? '' : `<h2>Lost ground</h2><ul>${falling.join('')}</ul>`}
${drawTable('Region', summary.regions, summary.currency)}
${drawTable('Month', summary.months, summary.currency)}
${drawTable('Product', summary.products, summary.currency)}
<footer>${Number(rejected)} rows were set aside (rejected.csv), ${summary.too_small} orders were below the smallest amount.</footer>
</body></html>
`;
  return { report_file: await writeOutput('report.html', page), title };
}

await main({ html });
