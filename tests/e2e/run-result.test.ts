import type { Page, Request } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { HolderClient } from '../../src/server/index.ts';
import { type OpenedDoor, openDoor } from '../support/doors/index.ts';
import { GatedProject } from '../support/gated-project.ts';
import { untilShown, untilStatus } from '../support/run-page.ts';

/** A report as somebody hostile would write it: it wants to run, to ask the app, to tell somebody, to lead away. */
const REPORT = `<html><head><style>h1 { color: rgb(1, 2, 3) }</style><meta http-equiv="refresh" content="0;url=/#/agents"></head>
<body><h1>Report of May</h1><img src="/api/told" onerror="top.document.title='taken'"><script>top.document.title='taken'</script>
<a href="/api/asked" id="away">away</a><form action="/api/sent"><button>send</button></form></body></html>`;
const TOOL = `#!/usr/bin/env bash
cat > "$AIWORKFLOW_RUN_DIR/report.html" <<'END'
${REPORT}
END
echo 'name,sum' > "$AIWORKFLOW_RUN_DIR/rows.csv"
echo '{"report": "report.html", "regions": ["North", "South"], "total": 250426.13, "is_complete": true, "page": "https://example.org/may", "note": "<b>bold</b>", "best": {"name": "North", "orders": 41}}'
`;

let project: GatedProject;
let opened: OpenedDoor;
let client: HolderClient;
let page: Page;
let runId: string;
const asked: Request[] = [];
/** What went out; the page's rules keep some of it back, and a browser may tell of that as a request that failed. */
const sent = (): readonly string[] =>
  asked.filter((request) => request.failure()?.errorText !== 'csp').map((request) => request.url());

beforeAll(async () => {
  project = new GatedProject();
  project.addBundle('month-report', {
    name: 'Month report',
    frontmatter: [
      'outputs:',
      '  total: {type: number, description: "Of all regions, in euros"}',
      'success_conditions: ["total > 1000"]',
    ],
    steps: [
      ['action: make.run', 'output_variable: made'],
      [
        'action: workflow.set_outputs',
        `inputs: {report: "{{ made.report }}", regions: "{{ made.regions }}", total: "{{ made.total }}", is_complete: "{{ made.is_complete }}", page: "{{ made.page }}", note: "{{ made.note }}", best: "{{ made.best }}"}`,
      ],
    ],
    tools: { 'make.sh': TOOL },
  });
  opened = await openDoor('browser', { projectPath: project.path, home: project.home });
  page = opened.page;
  page.on('request', (request) => asked.push(request));
  client = await project.connect();
  runId = (await client.call('runs.start', { workflow: 'month-report', inputs: {} })).runId;
  await untilStatus(client, runId, 'completed');
  await page.evaluate((to) => {
    location.hash = to;
  }, `#/runs/${runId}`);
  await untilShown(page, 'Completed');
});
afterAll(async () => {
  client?.close();
  await opened?.close();
  project?.remove();
});

const result = () => page.getByRole('tabpanel').getByRole('region', { name: 'Result' });

it('a completed run opens on its result: what the workflow promised first, each value in words', async () => {
  await expect.poll(() => page.getByRole('tab', { name: /^Result/ }).getAttribute('aria-selected')).toBe('true');
  const values = result().locator('.result-values > div');
  await values.first().waitFor();
  const said = await values.allInnerTexts();
  const words = Object.fromEntries(said.map((text) => [text.split('\n')[0], text.split(/\n+/).slice(1).join('\n')]));
  expect(Object.keys(words)[0]).toBe('Total');
  expect(words.Total).toBe('250,426.13\nOf all regions, in euros');
  expect(words.Regions).toBe('North\nSouth');
  expect(words['Is complete']).toBe('Yes');
  expect(words.Note).toBe('<b>bold</b>');
  expect(words.Best).toBe('Name North · Orders 41');
  // What it was to reach is said as the page of the workflow says it.
  await result().getByText('total is above 1000').waitFor();
  const link = result().getByRole('link', { name: 'https://example.org/may' });
  expect([await link.getAttribute('target'), await link.getAttribute('rel')]).toEqual([
    '_blank',
    'noreferrer noopener',
  ]);
});

it('shows the file that it was for, in a frame in which nothing runs, loads or leads away', async () => {
  const file = result().getByRole('region', { name: 'The file of this run' });
  await file.getByRole('heading', { name: 'report.html' }).waitFor();
  expect(await file.locator('iframe').getAttribute('sandbox')).toBe('');
  const framed = file.frameLocator('iframe');
  const title = framed.getByRole('heading', { name: 'Report of May' });
  await title.waitFor();
  // Its own styles are its own.
  await expect.poll(() => title.evaluate((heading) => getComputedStyle(heading).color)).toBe('rgb(1, 2, 3)');
  await framed.getByText('away').click();
  await framed.getByText('send').click();
  await title.waitFor();
  expect(await page.title()).not.toContain('taken');
  expect(page.context().pages()).toHaveLength(1);
  await expect.poll(() => sent().filter((url) => /told|asked|sent/.test(url))).toEqual([]);
});

it('the rest stands under Files; a named file is shown where it is named', async () => {
  await result().getByRole('button', { name: 'All 2 files' }).click();
  await page.getByRole('option', { name: /rows\.csv/ }).waitFor();
  await page.getByRole('tab', { name: /^Result/ }).click();
  await result().getByRole('button', { name: 'report.html' }).first().click();
  await result().getByRole('heading', { name: 'report.html' }).waitFor();
  await page.waitForURL(/\?tab=outputs$/);
});
