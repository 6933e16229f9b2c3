import type { ChannelModel, ConfirmChannel, RecoveringChannelModel } from 'amqplib';
import { AppError } from '../../../shared/errors.ts';

/** A broker that is silent for so long is taken for gone. */
const HEARTBEAT_S = 10;
const RECOVERY = { initialDelay: 100, maxDelay: 5_000, maxRetries: Number.POSITIVE_INFINITY, waitForConnect: false };

interface LinkOptions {
  readonly url: string;
  /** Makes on a new channel what has to be there. */
  readonly setUp: (channel: ConfirmChannel) => Promise<void>;
  /** Hears when it is gone, and when it is there again. */
  readonly onTurn: (isThere: boolean) => void;
}

/** A channel to RabbitMQ that amqplib's recovery makes anew. Errors of all that is asked on it: `queue.unreachable`, `queue.refused`. */
export class RabbitLink {
  readonly #options: LinkOptions;
  #connection: Promise<RecoveringChannelModel> | null = null;
  #model: ChannelModel | null = null;
  #channel: ConfirmChannel | null = null;
  #opening: Promise<void> | null = null;
  #fault: unknown = null;
  #isClosed = false;
  #firstTry = Promise.withResolvers<void>();

  /** Error: `config.invalid` for an address that is none of RabbitMQ. */
  constructor(options: LinkOptions) {
    if (!URL.canParse(options.url) || !/^amqps?:$/.test(new URL(options.url).protocol))
      throw new AppError('config.invalid', 'queue.rabbitmq_url is no address of a RabbitMQ server.', {
        hint: 'Write it as amqp://user:password@host:5672/.',
      });
    this.#options = options;
  }

  /** Asks on the channel, which is made when it is asked for first; what goes wrong is said in our words. */
  async ask<T>(work: (channel: ConfirmChannel) => Promise<T>): Promise<T> {
    let channel: ConfirmChannel | null = null;
    try {
      channel = await this.#current();
      return await work(channel);
    } catch (error) {
      // What is asked of a channel that was just lost fails with whatever amqplib stumbles over.
      throw this.#translate(channel !== null && channel !== this.#channel && !isOfStore(error) ? this.#lost : error);
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    if (this.#channel !== null) await closeChannel(this.#channel);
    const connection = await this.#connection;
    await connection?.close().catch(() => undefined);
  }

  async #current(): Promise<ConfirmChannel> {
    this.#connection ??= this.#connect();
    await this.#connection;
    await this.#firstTry.promise;
    if (this.#channel === null && this.#model !== null) await this.#openChannel(this.#model);
    if (this.#channel === null) throw this.#fault;
    return this.#channel;
  }

  get #lost(): unknown {
    return this.#fault ?? new Error('the connection was lost');
  }

  /** What went wrong, as one of our errors; a fault of ours stays what it is. */
  #translate(error: unknown): unknown {
    if (isOfStore(error) || error instanceof TypeError) return error;
    const said = error instanceof Error ? error.message : '';
    const place = placeOf(this.#options.url);
    if (/ACCESS[-_]REFUSED|NOT_ALLOWED|PRECONDITION[-_]FAILED/.test(said))
      return new AppError('queue.refused', `RabbitMQ at ${place} refuses: ${said}`, {
        hint: 'Look at user, password and virtual host in queue.rabbitmq_url or RABBITMQ_URL, at what that user may do, and whether the queue was made with other settings.',
        cause: error,
      });
    return new AppError(
      'queue.unreachable',
      `RabbitMQ at ${place} does not answer: ${said === '' ? 'no connection' : said}`,
      {
        hint: 'Start it, or write its address as queue.rabbitmq_url or RABBITMQ_URL. What waits there waits on.',
        cause: error,
      },
    );
  }

  async #connect(): Promise<RecoveringChannelModel> {
    const amqp = await import('amqplib');
    const url = new URL(this.#options.url);
    if (!url.searchParams.has('heartbeat')) url.searchParams.set('heartbeat', String(HEARTBEAT_S));
    const setup = async (model: ChannelModel): Promise<void> => {
      this.#model = model;
      await this.#openChannel(model);
    };
    // Without it a confirmation, which has no answer, holds back what is asked after it until the server's computer has acknowledged its packet: 40 ms.
    const connection = await amqp.connect(url.href, { noDelay: true, recovery: { ...RECOVERY, setup } });
    connection.on('error', this.#note);
    connection.on('connect', () => this.#isThere());
    connection.on('connect-failed', (error) => {
      this.#model = null;
      this.#note(error);
      this.#firstTry.resolve();
    });
    connection.on('disconnect', (error) => {
      this.#model = null;
      this.#channel = null;
      this.#note(error ?? new Error('the connection was lost'));
      if (!this.#isClosed) this.#options.onTurn(false);
    });
    return connection;
  }

  #isThere(): void {
    const wasGone = this.#fault !== null;
    this.#fault = null;
    this.#firstTry.resolve();
    if (wasGone) this.#options.onTurn(true);
  }

  /** One at a time, however many ask: each channel listens to what is told. */
  #openChannel(model: ChannelModel): Promise<void> {
    this.#opening ??= this.#makeChannel(model).finally(() => {
      this.#opening = null;
    });
    return this.#opening;
  }

  async #makeChannel(model: ChannelModel): Promise<void> {
    const channel = await model.createConfirmChannel();
    channel.on('error', this.#note);
    channel.on('close', () => {
      if (this.#channel === channel) this.#channel = null;
    });
    try {
      await this.#options.setUp(channel);
      this.#channel = channel;
    } catch (error) {
      this.#note(error);
      throw error;
    }
  }

  readonly #note = (error: unknown): void => {
    this.#fault = error;
  };
}

/**
 * Its confirmations are with the server after it: amqplib may let the word that the connection is closed overtake them, and the server then gives
 * the messages again. A connection that is lost meanwhile closes the channel without an answer.
 */
async function closeChannel(channel: ConfirmChannel): Promise<void> {
  const isClosed = new Promise<void>((resolve) => channel.once('close', () => resolve()));
  await Promise.race([channel.close().catch(() => undefined), isClosed]);
}

/** What the store or we ourselves say is no word of the server. */
const isOfStore = (error: unknown): boolean =>
  error instanceof AppError || (error instanceof Error && error.name === 'SqliteError');

/** Where it is, without the password. */
export function placeOf(url: string): string {
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname === '/' ? '' : pathname}`;
}
