/** Where a run goes on, or went on, that another project works on, or this one for another (SPEC §8 "Worker"). */
export interface RunElsewhere {
  /** What this project is to the run. */
  readonly role: 'home' | 'worker';
  /** `taken` = it went on here after its worker was lost; of a worker: its control center took it back. */
  readonly state: 'sent' | 'open' | 'ended' | 'taken';
  /** Name of the worker; empty where this is it. */
  readonly worker: string;
  /** How long ago its worker was heard of; null = not within the last day, or it does not matter any more. */
  readonly silentMs: number | null;
  /** What went wrong with it, a sentence. */
  readonly note: string | null;
}
