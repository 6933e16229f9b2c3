import type { DeliveryCheck } from '../../../shared/model/trigger.ts';
import { sha256Hex } from '../../crypto/index.ts';
import type { DeliveryRepository, NewDelivery } from '../../storage/index.ts';
import type { SetTimer } from '../../time/index.ts';
import { pauseAt } from '../pauses.ts';
import type { ArmedTrigger, TriggerPart } from '../ports.ts';
import type { TriggerInlet } from '../trigger-inlet.ts';
import { newDelivery } from './delivery-row.ts';
import type { Endpoint } from './endpoint.ts';
import { pathOfTarget } from './endpoint-path.ts';
import type { SecretSource } from './endpoint-secrets.ts';
import { buildEndpointTable, type ClosedWebhook, type EndpointTable, type TableEntry } from './endpoint-table.ts';
import { type Judgement, judgeDelivery } from './judge-delivery.ts';
import { PromisedRuns } from './promised-runs.ts';
import { TokenBucket } from './rate-limit.ts';
import { accepted, challengeReply, duplicate, methodNotAllowed, REPLIES, tooMany } from './replies.ts';
import { StartQueue } from './start-queue.ts';
import type { ListenState } from './webhook-intake.ts';
import type { WebhookReply, WebhookRequest } from './webhook-request.ts';

/** What the receiver is made of. */
export interface ReceiverOptions {
  readonly inlet: Pick<TriggerInlet, 'receive' | 'start' | 'takerOf'>;
  readonly deliveries: Pick<DeliveryRepository, 'findKnown' | 'findSameBody'>;
  /** Where the secrets of the webhooks of a workflow are looked up. */
  readonly sourceOf: (workflowId: string) => SecretSource;
  /** Webhooks that are written and not armed. */
  readonly closed: () => readonly ClosedWebhook[];
  /** Says of a trigger what is the matter with it; null = nothing. */
  readonly notice: (key: string, text: string | null) => void;
  /** The id that the run of a delivery will have. */
  readonly runIdOf: (workflowId: string, deliveryId: string, at: number) => string;
  readonly isRunTaken: (runId: string) => boolean;
  /** Hears secrets that must not be said anywhere. */
  readonly onSecrets: (values: readonly string[]) => void;
  readonly now: () => number;
  readonly setTimer: SetTimer;
  readonly randomHex: (bytes: number) => string;
  readonly onBug: (error: unknown) => void;
}

/** By the id of its sender one delivery is known for 72 h, by its bytes alone for 10 s (SPEC §7.3). */
const KNOWN_FOR_MS = 72 * 3_600_000;
const SAME_BYTES_FOR_MS = 10_000;
/** So many refused requests of an endpoint a minute are kept in the inbox: enough to see what is wrong, too few to fill the disk. */
const KEPT_REFUSALS = { count: 10, perMs: 60_000 };

interface Taken {
  readonly endpoint: Endpoint;
  readonly request: WebhookRequest;
  readonly body: Uint8Array;
  readonly at: number;
}

/**
 * Takes deliveries in (SPEC §7.3). Invariants: (1) nothing is believed before its signature was checked over the bytes that came; (2) what
 * is answered with 2xx is durable by then, a start with the id that its run will have; (3) one delivery of a sender starts one run, also
 * when two of it come at once; (4) a failed commit is told as 503, and nothing of it is stored.
 */
export class WebhookReceiver implements TriggerPart {
  readonly #options: ReceiverOptions;
  readonly #starts: StartQueue;
  readonly #promised: PromisedRuns;
  readonly #buckets = new Map<string, { readonly limit: Endpoint['limit']; readonly bucket: TokenBucket }>();
  readonly #refusals = new Map<string, TokenBucket>();
  /** Requests that are not answered yet. */
  readonly #answering = new Set<Promise<unknown>>();
  /** Deliveries whose commit is on its way, by what they are known by. */
  readonly #arriving = new Map<string, Promise<void>>();
  #table: EndpointTable = new Map();
  #armed: readonly ArmedTrigger[] = [];
  #listening: ListenState | null = null;
  #isClosed = false;

  constructor(options: ReceiverOptions) {
    this.#options = options;
    const { inlet, now, setTimer, onBug } = options;
    this.#starts = new StartQueue({ start: (id) => inlet.start(id), now, setTimer, onBug });
    this.#promised = new PromisedRuns(options.isRunTaken);
  }

  /** What became of the wish to be listened for. */
  listening(state: ListenState | null): void {
    if (JSON.stringify(state) === JSON.stringify(this.#listening)) return;
    this.#listening = state;
    this.refresh();
  }

  /** Where deliveries come in, or why they do not; null = nobody listens. */
  get listener(): ListenState | null {
    return this.#listening;
  }

  /** What stands behind which path. */
  get table(): EndpointTable {
    return this.#table;
  }

  /** Why nothing can come at a path; null = something can. */
  problemAt(path: string): string | null {
    const entry = this.#table.get(path);
    if (entry === undefined) return `No webhook of the project has the path ${path}: write one and arm it.`;
    if (entry.endpoint !== null) return null;
    return `The webhook ${entry.key} at ${path} lets nothing in: ${entry.problem ?? 'it is switched off.'}`;
  }

  update(triggers: readonly ArmedTrigger[]): void {
    if (this.#isClosed) return;
    const { closed, sourceOf, notice, onSecrets } = this.#options;
    this.#armed = triggers;
    const { table, problems } = buildEndpointTable(triggers, closed(), sourceOf);
    this.#table = table;
    for (const { endpoint } of table.values()) onSecrets(endpoint?.secrets.map(({ value }) => value) ?? []);
    const unheard = this.#listening?.kind === 'failed' ? this.#listening.message : null;
    for (const [key, problem] of problems) notice(key, problem ?? unheard);
  }

  /** Reads the secrets and paths once more. */
  refresh(): void {
    this.update(this.#armed);
  }

  /** Answers a request; never rejects. */
  async receive(request: WebhookRequest): Promise<WebhookReply> {
    if (this.#isClosed) return REPLIES.notStored;
    const answer = this.#receive(request).catch((error: unknown) => {
      this.#options.onBug(error);
      return REPLIES.internal;
    });
    this.#answering.add(answer);
    const reply = await answer;
    this.#answering.delete(answer);
    return reply;
  }

  /** Resolves when every request is answered and no start is under way; what comes then is sent again by its sender. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all(this.#answering);
    await this.#starts.close();
  }

  async #receive(request: WebhookRequest): Promise<WebhookReply> {
    const path = pathOfTarget(request.target);
    const entry = this.#table.get(path);
    if (entry === undefined) return REPLIES.unknown;
    const at = this.#options.now();
    const refuse = (name: DeliveryCheck['name'], detail: string, reply: WebhookReply): Promise<WebhookReply> =>
      this.#refuse({ entry, path, request, at }, { name, isPassed: false, detail }, reply);
    const { endpoint } = entry;
    if (endpoint === null) return refuse('enabled', entry.problem ?? 'It is switched off.', REPLIES.disabled);
    if (endpoint.secrets.length === 0 && !request.isLoopback) return refuse('enabled', OPEN_TO_ALL, REPLIES.disabled);
    const { method, body } = request;
    if (!endpoint.methods.includes(method))
      return refuse('method', `${method} is not one of ${endpoint.methods.join(', ')}.`, methodNotAllowed(method));
    if (body === null) return refuse('size', 'The body is larger than 1 MiB.', REPLIES.tooLarge);
    const waitMs = this.#bucketOf(endpoint, at).take(at);
    if (waitMs > 0) return refuse('rate', rateText(endpoint), tooMany(waitMs));
    const taken: Taken = { endpoint, request, body, at };
    return this.#answer(taken, judgeDelivery(endpoint, { method, headers: request.headers, body, at }));
  }

  async #answer(taken: Taken, judged: Judgement): Promise<WebhookReply> {
    switch (judged.outcome) {
      case 'unsigned':
        return this.#reject(taken, judged, REPLIES.unsigned);
      case 'no_json':
        return this.#reject(taken, judged, REPLIES.noJson);
      case 'challenge':
        return this.#store(this.#rowOf(taken, judged, 'ignored'), challengeReply(judged.challenge ?? ''));
      default:
        return this.#takeOnce(taken, judged);
    }
  }

  /** Stores a delivery that may be believed, unless it came before. */
  async #takeOnce(taken: Taken, judged: Judgement): Promise<WebhookReply> {
    const { endpoint, body, at } = taken;
    const { deliveries } = this.#options;
    const bodyHash = sha256Hex(body);
    const { externalId } = judged;
    const identity = `${endpoint.path}\n${externalId ?? bodyHash}`;
    for (let arriving = this.#arriving.get(identity); arriving !== undefined; arriving = this.#arriving.get(identity))
      await arriving;
    const known =
      externalId === null
        ? deliveries.findSameBody(endpoint.path, bodyHash, at - SAME_BYTES_FOR_MS)
        : deliveries.findKnown(endpoint.path, externalId, at - KNOWN_FOR_MS);
    if (known !== null) return this.#tellDuplicate(taken, judged, known);
    const pause = pauseAt(endpoint.trigger.pauses, at);
    const stands: Judgement =
      judged.outcome === 'start' && pause !== null
        ? { ...judged, outcome: 'ignored', reason: pausedText(pause.reason) }
        : judged;
    const drawn = stands.outcome === 'start' ? this.#draw(taken) : null;
    const row = this.#rowOf(taken, stands, drawn === null ? 'ignored' : 'received', { bodyHash, id: drawn?.id });
    const stored =
      drawn === null
        ? this.#store(row, REPLIES.ignored)
        : this.#accept(taken, row, drawn.runId).then((reply) => this.#store(row, reply));
    const settled = stored.then(
      () => void this.#arriving.delete(identity),
      () => void this.#arriving.delete(identity),
    );
    this.#arriving.set(identity, settled);
    const reply = await stored;
    if (row.state === 'received' && reply.status === 200) this.#starts.add(row.id);
    return reply;
  }

  /** Names the run that it will start, or the one that waited for it. */
  async #accept({ endpoint }: Taken, row: NewDelivery, runId: string): Promise<WebhookReply> {
    const { workflowId } = endpoint.trigger;
    const taker = await this.#options.inlet.takerOf(workflowId, row);
    return accepted(row.externalId ?? row.id, workflowId, taker ?? runId);
  }

  #tellDuplicate(taken: Taken, judged: Judgement, known: string): Promise<WebhookReply> {
    const reason = `It came before: ${known}.`;
    const checks = [...judged.checks, { name: 'new', isPassed: false, detail: reason } as const];
    const row = this.#rowOf(taken, { ...judged, reason, checks }, 'duplicate');
    return this.#store(row, duplicate(judged.externalId ?? known));
  }

  #reject(taken: Taken, judged: Judgement, reply: WebhookReply): Promise<WebhookReply> {
    const { endpoint, body, at } = taken;
    const keepsBody = body.length <= KEPT_BODY_BYTES && this.#mayKeepRefusal(endpoint.trigger.key, at);
    const kept = keepsBody ? taken : { ...taken, body: NO_BODY };
    return this.#store(this.#rowOf(kept, judged, 'rejected', { bodyHash: sha256Hex(body) }), reply);
  }

  /** A refusal before anything was read: told to the sender, and kept without its body while there are few. */
  async #refuse(
    { entry, path, request, at }: { entry: TableEntry; path: string; request: WebhookRequest; at: number },
    check: DeliveryCheck,
    reply: WebhookReply,
  ): Promise<WebhookReply> {
    if (!this.#mayKeepRefusal(entry.key, at)) return reply;
    const id = timedId(at, this.#options.randomHex);
    const facts = { id, triggerKey: entry.key, path, request, at, body: NO_BODY, bodyHash: null };
    const row = newDelivery(facts, { ...UNREAD, reason: check.detail, checks: [check] }, 'rejected');
    await this.#options.inlet.receive(row).catch(() => undefined);
    return reply;
  }

  /** An id whose run nobody has been promised and that none has yet. */
  #draw({ endpoint, at }: Taken): { readonly id: string; readonly runId: string } {
    const { randomHex, runIdOf } = this.#options;
    for (;;) {
      const id = timedId(at, randomHex);
      const runId = runIdOf(endpoint.trigger.workflowId, id, at);
      if (this.#promised.take(runId, at)) return { id, runId };
    }
  }

  #rowOf(
    { endpoint, request, body, at }: Taken,
    judged: Judgement,
    state: NewDelivery['state'],
    known: { readonly bodyHash?: string; readonly id?: string | undefined } = {},
  ): NewDelivery {
    const { bodyHash = sha256Hex(body), id = timedId(at, this.#options.randomHex) } = known;
    const { key: triggerKey } = endpoint.trigger;
    return newDelivery({ id, triggerKey, path: endpoint.path, request, at, body, bodyHash }, judged, state);
  }

  async #store(row: NewDelivery, reply: WebhookReply): Promise<WebhookReply> {
    try {
      await this.#options.inlet.receive(row);
      return reply;
    } catch {
      // The sender sends it again; what the matter is stands with the store.
      return REPLIES.notStored;
    }
  }

  #bucketOf({ trigger, limit }: Endpoint, at: number): TokenBucket {
    const known = this.#buckets.get(trigger.key);
    if (known !== undefined && known.limit.count === limit.count && known.limit.perMs === limit.perMs)
      return known.bucket;
    const bucket = new TokenBucket(limit, at);
    this.#buckets.set(trigger.key, { limit, bucket });
    return bucket;
  }

  #mayKeepRefusal(key: string, at: number): boolean {
    let bucket = this.#refusals.get(key);
    if (bucket === undefined) {
      bucket = new TokenBucket(KEPT_REFUSALS, at);
      this.#refusals.set(key, bucket);
    }
    return bucket.take(at) === 0;
  }
}

/** Bodies of refused deliveries up to here are kept, to be checked again once the secret is mended. */
const KEPT_BODY_BYTES = 64 * 1024;
const NO_BODY = new Uint8Array(0);

const UNREAD: Omit<Judgement, 'reason' | 'checks'> = {
  outcome: 'unsigned',
  verdict: 'none',
  externalId: null,
  event: '',
  title: '',
  payload: null,
  challenge: null,
};

/** 32 hex digits that begin with the time: rows that come together stand together in the index, which makes their commit cheaper. */
const timedId = (at: number, randomHex: (bytes: number) => string): string =>
  at.toString(16).padStart(12, '0').slice(-12) + randomHex(10);

const OPEN_TO_ALL =
  "It is written as insecure, and other computers can reach the listener: that would let anybody start it. Give it a secret, or listen on '127.0.0.1'.";
const pausedText = (reason: string): string => (reason === '' ? 'The trigger is paused.' : `Paused: ${reason}`);
const rateText = ({ limit: { count, perMs } }: Endpoint): string =>
  `More than ${count} came within ${perMs === 1000 ? 'a second' : perMs === 60_000 ? 'a minute' : 'an hour'}.`;
