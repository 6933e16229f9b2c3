const LEAST = 4;

/** Rows of numbers by their place, in one piece of memory: a row of three takes 24 bytes. The first number of a row is never 0. */
export class NumberRows {
  readonly #width: number;
  #values = new Float64Array(0);

  constructor(width: number) {
    this.#width = width;
  }

  set(at: number, row: readonly number[]): void {
    const from = at * this.#width;
    if (from >= this.#values.length) {
      const rows = Math.max(LEAST, at + 1, Math.ceil((this.#values.length / this.#width) * 1.5));
      const before = this.#values;
      this.#values = new Float64Array(rows * this.#width);
      this.#values.set(before);
    }
    this.#values.set(row, from);
  }

  has(at: number): boolean {
    return this.value(at, 0) !== 0;
  }

  /** 0 where there is no row. */
  value(at: number, column: number): number {
    return this.#values[at * this.#width + column] ?? 0;
  }

  delete(at: number): void {
    this.#values.fill(0, at * this.#width, (at + 1) * this.#width);
  }

  /** Where there are rows, in order. */
  *places(): Generator<number> {
    for (let at = 0; at * this.#width < this.#values.length; at += 1) if (this.has(at)) yield at;
  }
}
