import { AuditLab, checkKilledCuts, checkTamperings, checkTwoWriters, TAMPERINGS } from '../support/audit-lab.ts';

/**
 * `<share> <of how many> <seed>`: an audit of 100,000 events tampered with in every way, its cut killed on its way, two processes that write
 * into one; and how long a walk along it takes.
 */
const EVENTS = 100_000;
const EACH = 10_000;

interface Row {
  readonly what: string;
  readonly looked: number;
  readonly wrong: readonly string[];
  readonly unit: string;
}

async function proveTamperings(): Promise<Row> {
  const wrong = await checkTamperings(EVENTS);
  return { what: 'ways of tampering with 100,000 events', looked: TAMPERINGS.length + 1, wrong, unit: 'ways' };
}

async function proveKills(): Promise<Row> {
  const { kills, wrong } = await checkKilledCuts(EVENTS);
  return { what: 'a cut of 100,000 events killed on its way', looked: kills, wrong, unit: 'kills' };
}

async function proveWriters(): Promise<Row> {
  return {
    what: 'two processes that write at once',
    looked: 2 * EACH,
    wrong: await checkTwoWriters(EACH),
    unit: 'events',
  };
}

/** Time of the processor: proofs run beside each other. */
async function tellTime(): Promise<Row> {
  const lab = new AuditLab();
  try {
    await lab.write(EVENTS);
    return await lab.with(async (log) => {
      const before = process.cpuUsage();
      const { state } = await log.verify();
      const { user, system } = process.cpuUsage(before);
      const what = `100,000 events verified in ${Math.round((user + system) / 1000)} ms of the processor (3,000 at most are wanted)`;
      return { what, looked: EVENTS, wrong: state === 'ok' ? [] : [state], unit: 'events' };
    });
  } finally {
    lab.dispose();
  }
}

const [share = 0, shares = 1] = process.argv.slice(2).map(Number);
const rows: Row[] = [];
for (const [index, prove] of [proveTamperings, proveKills, proveWriters, tellTime].entries())
  if (index % shares === share) rows.push(await prove());
console.log(JSON.stringify(rows));
