import { describe, expect, it } from 'vitest';
import { raceDecisions } from '../support/decision-race.ts';

/** A sample; `npm run proof -- --only=decisions` runs two hundred. */
describe('two windows and the command line', () => {
  it('decide at once: one decision, audited once', async () => {
    expect(await raceDecisions(4, 1)).toMatchObject({ wrong: [] });
  });
});
