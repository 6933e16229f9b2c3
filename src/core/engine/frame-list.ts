import { pathOfTurn, turnAt } from './turn-path.ts';

/**
 * The paths of the frames of a block in the order of their opening. The turns of a loop, which are opened by their number, are only
 * counted.
 */
export class FrameList implements Iterable<string> {
  readonly #block: string;
  #turns = 0;
  readonly #others: string[] = [];

  constructor(block: string) {
    this.#block = block;
  }

  get length(): number {
    return this.#turns + this.#others.length;
  }

  get first(): string | undefined {
    return this.#turns > 0 ? this.#pathOf(0) : this.#others[0];
  }

  get last(): string | undefined {
    return this.#others.at(-1) ?? (this.#turns > 0 ? this.#pathOf(this.#turns - 1) : undefined);
  }

  push(path: string): void {
    if (this.#others.length === 0 && path === this.#pathOf(this.#turns)) this.#turns += 1;
    else this.#others.push(path);
  }

  includes(path: string): boolean {
    const turn = turnAt(path);
    return (turn?.block === this.#block && turn.number < this.#turns) || this.#others.includes(path);
  }

  /** Takes out what is no turn: of a loop its turns are forgotten together or not at all. */
  remove(path: string): void {
    const at = this.#others.indexOf(path);
    if (at >= 0) this.#others.splice(at, 1);
  }

  *[Symbol.iterator](): Generator<string> {
    for (let number = 0; number < this.#turns; number += 1) yield this.#pathOf(number);
    yield* this.#others;
  }

  #pathOf(number: number): string {
    return pathOfTurn({ block: this.#block, number });
  }
}
