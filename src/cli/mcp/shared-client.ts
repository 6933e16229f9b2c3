import type { CliContext, OpenClient } from '../context.ts';

/**
 * The project, open while something is done with it and by all who do at once; in between nobody is kept from it. One opening after the
 * other: the next waits until the last has let go.
 */
export class SharedClient {
  readonly #context: CliContext;
  #users = 0;
  #opened: Promise<OpenClient> | null = null;
  #letGo: Promise<void> = Promise.resolve();

  constructor(context: CliContext) {
    this.#context = context;
  }

  async use<T>(work: (client: OpenClient) => Promise<T>): Promise<T> {
    this.#users += 1;
    this.#opened ??= this.#letGo.then(() => this.#open());
    const opened = this.#opened;
    try {
      return await work(await opened);
    } finally {
      this.#users -= 1;
      if (this.#users === 0) this.#close();
    }
  }

  /** Lets go of what is still done, within the grace of DESIGN decision 8. */
  async abandon(): Promise<void> {
    const client = await this.#opened?.catch(() => null);
    await client?.abandon();
    await this.#letGo;
  }

  async #open(): Promise<OpenClient> {
    const context = this.#context;
    return context.openClient(await context.findProject(context.globals.project), context.login);
  }

  #close(): void {
    const opened = this.#opened;
    this.#opened = null;
    this.#letGo = (opened ?? Promise.resolve(null)).then(
      (client) => client?.close(),
      () => undefined,
    );
  }
}
