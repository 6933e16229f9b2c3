const COLOURS = ['#2f6fed', '#d9822b', '#2a9d6f', '#a855c7', '#c43d4b', '#5b6675'];
const [WIDTH, HEIGHT, LEFT, BOTTOM, TOP] = [960, 360, 70, 50, 20];

const escapes = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escapeXml = (text) => String(text).replace(/[&<>"]/g, (char) => escapes[char]);

/** A round step so that four to eight lines cover `max`. */
function gridStep(max) {
  const magnitude = 10 ** Math.floor(Math.log10(Math.max(max, 1)));
  return [0.1, 0.2, 0.5, 1, 2].map((factor) => factor * magnitude).find((step) => max / step <= 8) ?? magnitude;
}

/** A grouped bar chart as inline SVG: months along the axis, one bar a region. */
export function drawBars(grid, currency) {
  const months = [...new Set(grid.map((cell) => cell.month))];
  const regions = [...new Set(grid.map((cell) => cell.region))];
  const max = Math.max(...grid.map((cell) => cell.amount), 1);
  const step = gridStep(max);
  const top = Math.ceil(max / step) * step;
  const y = (amount) => HEIGHT - BOTTOM - (amount / top) * (HEIGHT - BOTTOM - TOP);
  const groupWidth = (WIDTH - LEFT) / months.length;
  const barWidth = Math.max(2, (groupWidth * 0.8) / regions.length);
  const parts = [];
  for (let amount = 0; amount <= top + step / 2; amount += step) {
    parts.push(
      `<line x1="${LEFT}" x2="${WIDTH}" y1="${y(amount).toFixed(1)}" y2="${y(amount).toFixed(1)}" stroke="#8884"/>`,
    );
    parts.push(
      `<text x="${LEFT - 8}" y="${(y(amount) + 4).toFixed(1)}" text-anchor="end">${Math.round(amount).toLocaleString('en-US')}</text>`,
    );
  }
  for (const cell of grid) {
    const [monthIndex, regionIndex] = [months.indexOf(cell.month), regions.indexOf(cell.region)];
    const x = LEFT + monthIndex * groupWidth + groupWidth * 0.1 + regionIndex * barWidth;
    const height = HEIGHT - BOTTOM - y(cell.amount);
    const title = `${escapeXml(cell.region)} ${escapeXml(cell.month)}: ${cell.amount.toFixed(2)} ${escapeXml(currency)}`;
    parts.push(
      `<rect x="${x.toFixed(1)}" y="${y(cell.amount).toFixed(1)}" width="${(barWidth - 1).toFixed(1)}" height="${height.toFixed(1)}" fill="${COLOURS[regionIndex % COLOURS.length]}"><title>${title}</title></rect>`,
    );
  }
  months.forEach((month, index) => {
    parts.push(
      `<text x="${(LEFT + (index + 0.5) * groupWidth).toFixed(1)}" y="${HEIGHT - BOTTOM + 18}" text-anchor="middle">${escapeXml(month)}</text>`,
    );
  });
  regions.forEach((region, index) => {
    const x = LEFT + index * 120;
    parts.push(`<rect x="${x}" y="${HEIGHT - 16}" width="12" height="12" fill="${COLOURS[index % COLOURS.length]}"/>`);
    parts.push(`<text x="${x + 18}" y="${HEIGHT - 6}">${escapeXml(region)}</text>`);
  });
  return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Amount by month and region" font-size="12" fill="currentColor" font-family="system-ui,sans-serif">${parts.join('\n')}</svg>`;
}
