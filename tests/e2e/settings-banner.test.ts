import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type OpenedDoor, openDoor } from '../support/doors/index.ts';
import { GatedProject, workStep } from '../support/gated-project.ts';
import { openWorkflow } from '../support/run-page.ts';

let project: GatedProject;
let opened: OpenedDoor;
beforeEach(async () => {
  project = new GatedProject();
  project.addBundle('month-end', { name: 'Month end', steps: [workStep('a')] });
  writeFileSync(join(project.path, 'aiworkflow.yaml'), 'agent:\n  primary: demo\n  selection_strategy: manul\n');
  opened = await openDoor('browser', { projectPath: project.path, home: project.home });
});
afterEach(async () => {
  await opened.close();
  project.remove();
});

it('says on every screen that the settings are broken, and a run does not start on defaults', async () => {
  const { page } = opened;
  const banner = page.getByRole('alert').filter({ hasText: 'The settings cannot be used' });
  await banner.waitFor();
  expect(await banner.textContent()).toContain(
    "aiworkflow.yaml:3: 'agent.selection_strategy' must be manual, auto or load_balanced, not 'manul'. Did you mean 'manual'?",
  );
  await openWorkflow(page, 'Month end');
  await page.getByRole('button', { name: /^Run/ }).click();
  await page
    .getByText(/The settings of this project cannot be used/)
    .first()
    .waitFor();
  await banner.getByRole('button', { name: 'Check this machine' }).click();
  await page.getByRole('dialog').getByText('Settings file').first().waitFor();
});
