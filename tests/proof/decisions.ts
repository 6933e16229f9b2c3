import { raceDecisions } from '../support/decision-race.ts';

/** `<share> <of how many> <seed>`: 200 requests, each decided by two windows and the command line at once. */
const DECISIONS = 200;

const [share = 0, shares = 1, seed = 1] = process.argv.slice(2).map(Number);
const races = Math.floor(((share + 1) * DECISIONS) / shares) - Math.floor((share * DECISIONS) / shares);
const { won, wrong } = await raceDecisions(races, seed + share);
console.error(`decisions, process ${share}: ${JSON.stringify(won)}`);
const what = 'two windows and the command line decide at once: one decision, audited once';
console.log(JSON.stringify([{ what, looked: races, wrong, unit: 'requests' }]));
