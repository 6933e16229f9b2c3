import { expect, it } from 'vitest';
import { whatWasDropped } from './what-was-dropped.ts';

const files = (...paths: readonly string[]) => paths.map((path) => ({ path }));

it.each([
  [['photo.PNG'], 'picture'],
  [['a.jpg', 'b.webp'], 'other'],
  [['talk.mp4'], 'recording'],
  [['offer.pdf'], 'document'],
  [['sales.csv'], 'table'],
  [['run.sh'], 'script'],
  [['LICENSE'], 'other'],
  [['tools/run.sh', 'workflow.md'], null],
  [['crontab'], null],
  [['.github/workflows/ci.yml'], null],
  [['mail.awb'], null],
  [['MAIL.ZIP'], null],
])('%j is %s', (paths, kind) => {
  expect(whatWasDropped(files(...paths))).toBe(kind);
});
