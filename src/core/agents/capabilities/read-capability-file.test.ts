import { expect, test } from 'vitest';
import { parseCapabilityFile } from './read-capability-file.ts';

test('names of models are texts as they are spelled, also those that look like numbers', () => {
  const { agents, diagnostics } = parseCapabilityFile(
    'agents:\n  mine:\n    version: 1.10\n    capabilities:\n      supported_models: [{provider: 01, models: [4.10, 1e3, plain]}]\n',
  );
  expect(diagnostics).toEqual([]);
  expect(agents.get('mine')).toMatchObject({ version: '1.10', models: ['4.10', '1e3', 'plain'] });
});
