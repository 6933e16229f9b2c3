#!/usr/bin/env node
/**
 * `node resources/icons/draw-icons.mjs`: draws every icon of the product anew from the one mark below (`resources/icons`, `resources/tray`). The
 * files are kept in the repository, so nobody needs a browser to build; run it by hand after a change of the mark.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { chromium } from 'playwright-core';
import { at, say } from '../../scripts/parts/places.mjs';

/** Two steps and the way from one to the other; 24 × 24. */
const MARK =
  '<rect x="3" y="3" width="7" height="7" rx="1.5"/><rect x="14" y="14" width="7" height="7" rx="1.5"/><path d="M6.5 10v4a3.5 3.5 0 0 0 3.5 3.5h4"/>';
const COLOURS = {
  accent: '#4c51d3',
  text: '#1a1d23',
  edge: '#6b7280',
  waiting: '#ffb224',
  failed: '#d13438',
  quiet: '#6b7280',
};

const svg = (size, inner) =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}" viewBox="0 0 24 24" fill="none" stroke-linecap="round" stroke-linejoin="round">${inner}</svg>`;
const mark = (colour, width, place = '') => `<g stroke="${colour}" stroke-width="${width}" ${place}>${MARK}</g>`;

/** The icon of the app: white on the accent, with the corners of the systems. */
const appIcon = (size) =>
  svg(
    size,
    `<rect x="1" y="1" width="22" height="22" rx="5" fill="${COLOURS.accent}"/>${mark('#fff', 2, 'transform="translate(4.2 4.2) scale(.65)"')}`,
  );

/** An icon beside the clock stands on what nobody knows: it brings its own ground. */
const trayIcon = (size, badge) =>
  svg(
    size,
    `<rect x="1" y="1" width="22" height="22" rx="5" fill="#fff" stroke="${COLOURS.edge}"/>${mark(COLOURS.text, 2.4, 'transform="translate(2.6 4.6) scale(.7)"')}${badge}`,
  );
const disc = (fill) => `<circle cx="17" cy="7" r="7" fill="${fill}"/>`;
const BADGES = {
  idle: '',
  paused: `${disc(COLOURS.quiet)}<path d="M15 4.5v5M19 4.5v5" stroke="#fff" stroke-width="2.4"/>`,
  stopped: `<path d="M17 0.5 23.5 7 17 13.5 10.5 7Z" fill="${COLOURS.failed}"/>`,
  ...Object.fromEntries(
    [...'123456789', 'more'].map((count) => [
      `for-${count}`,
      `${disc(COLOURS.waiting)}<text x="17" y="11" font-family="sans-serif" font-weight="700" font-size="11" text-anchor="middle" fill="${COLOURS.text}">${count === 'more' ? '9+' : count}</text>`.replace(
        count === 'more' ? 'font-size="11"' : '\0',
        'font-size="8.5"',
      ),
    ]),
  ),
};

/** macOS colours these itself: black shapes on nothing. */
const template = (size, extra) => svg(size, `${mark('#000', 2)}${extra}`);
const TEMPLATES = {
  idle: '',
  paused: '<path d="M16 3.5v5M20 3.5v5" stroke="#000" stroke-width="2"/>',
  stopped: '<path d="m15.5 3.5 5 5M20.5 3.5l-5 5" stroke="#000" stroke-width="2"/>',
};

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu'],
});
const page = await browser.newPage();

async function draw(image, size) {
  await page.setViewportSize({ width: size, height: size });
  await page.setContent(`<style>*{margin:0}svg{display:block}</style>${image(size)}`);
  return page.screenshot({ omitBackground: true });
}

function write(path, bytes) {
  mkdirSync(dirname(at(path)), { recursive: true });
  writeFileSync(at(path), bytes);
}

/** Windows: a list of pictures, each as PNG. */
function ico(pictures) {
  const head = Buffer.alloc(6 + 16 * pictures.length);
  head.writeUInt16LE(1, 2);
  head.writeUInt16LE(pictures.length, 4);
  let offset = head.length;
  for (const [index, { size, png }] of pictures.entries()) {
    const start = 6 + 16 * index;
    head.writeUInt8(size % 256, start);
    head.writeUInt8(size % 256, start + 1);
    head.writeUInt16LE(1, start + 4);
    head.writeUInt16LE(32, start + 6);
    head.writeUInt32LE(png.length, start + 8);
    head.writeUInt32LE(offset, start + 12);
    offset += png.length;
  }
  return Buffer.concat([head, ...pictures.map(({ png }) => png)]);
}

/** macOS: the same, each with the name of its size. */
const ICNS = { 16: 'icp4', 32: 'icp5', 64: 'icp6', 128: 'ic07', 256: 'ic08', 512: 'ic09', 1024: 'ic10' };
function icns(pictures) {
  const parts = pictures
    .filter(({ size }) => ICNS[size] !== undefined)
    .map(({ size, png }) => {
      const head = Buffer.alloc(8);
      head.write(ICNS[size], 'latin1');
      head.writeUInt32BE(png.length + 8, 4);
      return Buffer.concat([head, png]);
    });
  const body = Buffer.concat(parts);
  const head = Buffer.alloc(8);
  head.write('icns', 'latin1');
  head.writeUInt32BE(body.length + 8, 4);
  return Buffer.concat([head, body]);
}

const pictures = [];
for (const size of [16, 24, 32, 48, 64, 128, 256, 512, 1024]) pictures.push({ size, png: await draw(appIcon, size) });
for (const { size, png } of pictures) if (size !== 24) write(`resources/icons/${size}x${size}.png`, png);
write('resources/icons/icon.ico', ico(pictures.filter(({ size }) => size <= 256)));
write('resources/icons/icon.icns', icns(pictures));
for (const [name, badge] of Object.entries(BADGES)) {
  write(`resources/tray/${name}.png`, await draw((size) => trayIcon(size, badge), 24));
  write(`resources/tray/${name}@2x.png`, await draw((size) => trayIcon(size, badge), 48));
}
for (const [name, extra] of Object.entries(TEMPLATES)) {
  write(`resources/tray/${name}Template.png`, await draw((size) => template(size, extra), 18));
  write(`resources/tray/${name}Template@2x.png`, await draw((size) => template(size, extra), 36));
}
await browser.close();
say('The icons are drawn.');
