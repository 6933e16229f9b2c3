import { COUNTED, type CountedMetric, type MetricDefinition } from './definitions.ts';

/** What is kept of one set of labels. Of a histogram `value` is the sum, in seconds. */
export interface Series {
  readonly metric: CountedMetric;
  /** Values, in the order of the metric's label names. */
  readonly labels: readonly string[];
  value: number;
  /** Of a histogram: observations by bucket, those above all buckets left out; how many there are, the least and the greatest. */
  readonly buckets: number[];
  count: number;
  least: number | null;
  greatest: number | null;
}

/** No metric has more series than this, each line of a histogram counted (SPEC §10). */
export const MOST_SERIES = 1_000;
/** What is counted is shown in fewer bytes than this: what is measured beside it needs less than the rest of 1 MB. */
const MOST_BYTES = 900_000;
/** What all sets of labels above that are counted as. */
export const OTHER = 'other';
const LONGEST_LABEL = 120;

/** Lines that one new set of labels brings into a scrape: all known values at once, or buckets, `+Inf`, sum and count. */
export const linesOf = ({ kind, known, buckets = [] }: MetricDefinition): number =>
  kind === 'histogram' ? buckets.length + 3 : (known?.length ?? 1);

/** A text from anywhere as the value of a label: no half characters, no more than a screen shows. */
export const labelOf = (text: string): string => text.slice(0, LONGEST_LABEL).toWellFormed();

/** About how many bytes a series takes in a scrape, and no fewer but for a long number. */
function bytesOf({ metric, labels }: Pick<Series, 'metric' | 'labels'>): number {
  const { name, kind, labels: names, buckets = [] }: MetricDefinition = COUNTED[metric];
  const line = name.length + names.join().length + 4 * names.length + keyOf(labels).length + 28;
  return line * (kind === 'histogram' ? buckets.length + 3 : 1);
}

const keyOf = (labels: readonly string[]): string => JSON.stringify(labels);

/**
 * The counted series. Invariants: 1. no metric has more than {@link MOST_SERIES} lines, and all together no more than 1 MB; what is new
 * after that is counted as {@link OTHER}, so sums stay right; 2. a counter never goes down; 3. known values of a label are there from the first count on.
 */
export class SeriesTable {
  readonly #metrics = new Map<CountedMetric, Map<string, Series>>();
  /** Sets of labels without their known one, by metric. */
  readonly #groups = new Map<CountedMetric, Set<string>>();
  readonly #changed = new Set<Series>();
  #bytes = 0;

  constructor(stored: Iterable<Series> = []) {
    for (const series of stored) this.#put(series);
  }

  /** Counts; `by` is in the unit that is kept. */
  add(metric: CountedMetric, labels: readonly string[], by = 1): void {
    const series = this.#take(metric, labels);
    series.value += by;
    this.#changed.add(series);
  }

  /** One more duration. */
  observe(metric: CountedMetric, labels: readonly string[], seconds: number): void {
    const series = this.#take(metric, labels);
    const at = (COUNTED[metric].buckets ?? []).findIndex((bound) => seconds <= bound);
    if (at >= 0) series.buckets[at] = (series.buckets[at] ?? 0) + 1;
    series.value += seconds;
    series.count += 1;
    series.least = Math.min(series.least ?? seconds, seconds);
    series.greatest = Math.max(series.greatest ?? seconds, seconds);
    this.#changed.add(series);
  }

  /** All series of a metric, in the order in which they came. */
  of(metric: CountedMetric): readonly Series[] {
    return [...(this.#metrics.get(metric)?.values() ?? [])];
  }

  /** Ends all series of a workflow and gives them. */
  end(workflowId: string): readonly Series[] {
    const ended: Series[] = [];
    for (const [metric, all] of this.#metrics)
      for (const [key, series] of all) {
        if (COUNTED[metric].labels[0] !== 'workflow_id' || series.labels[0] !== workflowId) continue;
        all.delete(key);
        this.#groups.get(metric)?.delete(this.#groupOf(metric, series.labels));
        this.#changed.delete(series);
        this.#bytes -= bytesOf(series);
        ended.push(series);
      }
    return ended;
  }

  /** Series that changed since the last call. */
  takeChanged(): readonly Series[] {
    const changed = [...this.#changed];
    this.#changed.clear();
    return changed;
  }

  #take(metric: CountedMetric, given: readonly string[]): Series {
    const labels = given.map(labelOf);
    const found = this.#metrics.get(metric)?.get(keyOf(labels));
    if (found !== undefined) return found;
    const definition: MetricDefinition = COUNTED[metric];
    const isOpen = this.#groups.get(metric)?.has(this.#groupOf(metric, labels)) === true;
    const room = Math.floor(MOST_SERIES / linesOf(definition)) - 1;
    const isFull = !isOpen && ((this.#groups.get(metric)?.size ?? 0) >= room || this.#bytes > MOST_BYTES);
    const { known } = definition;
    const own = isFull
      ? labels.map((label, at) => (known !== undefined && at === labels.length - 1 ? label : OTHER))
      : labels;
    if (known === undefined) return this.#ensure(metric, own);
    for (const status of known) this.#ensure(metric, [...own.slice(0, -1), status]);
    return this.#ensure(metric, own);
  }

  #ensure(metric: CountedMetric, labels: readonly string[]): Series {
    const found = this.#metrics.get(metric)?.get(keyOf(labels));
    if (found !== undefined) return found;
    const buckets = Array.from(COUNTED[metric].buckets ?? [], () => 0);
    const series: Series = { metric, labels, value: 0, buckets, count: 0, least: null, greatest: null };
    this.#put(series);
    this.#changed.add(series);
    return series;
  }

  #put(series: Series): void {
    const { metric, labels } = series;
    const all = this.#metrics.get(metric) ?? new Map<string, Series>();
    this.#metrics.set(metric, all.set(keyOf(labels), series));
    this.#bytes += bytesOf(series);
    const groups = this.#groups.get(metric) ?? new Set<string>();
    const group = this.#groupOf(metric, labels);
    // What is counted together has room of its own.
    if (!this.#isOther(metric, labels)) this.#groups.set(metric, groups.add(group));
  }

  #isOther(metric: CountedMetric, labels: readonly string[]): boolean {
    const varying = this.#varying(metric, labels);
    return varying.length > 0 && varying.every((label) => label === OTHER);
  }

  #groupOf(metric: CountedMetric, labels: readonly string[]): string {
    return keyOf(this.#varying(metric, labels));
  }

  #varying(metric: CountedMetric, labels: readonly string[]): readonly string[] {
    return (COUNTED[metric] as MetricDefinition).known === undefined ? labels : labels.slice(0, -1);
  }
}
