import { randomHex } from '../crypto/index.ts';
import { makeRunId } from '../engine/index.ts';
import {
  type ArmedTrigger,
  type IntakeUser,
  type ListenPlace,
  type ListenState,
  type TriggerInlet,
  type TriggerPart,
  type TriggerRegistry,
  type WebhookIntakeHub,
  WebhookReceiver,
  type WebhookReply,
  type WebhookRequest,
} from '../triggers/index.ts';
import type { ProjectSession } from './project-session.ts';
import { WebhookSecrets } from './webhook-secrets.ts';

/** How long whoever moves the listener waits for what becomes of it. */
const MOVE_WAIT_MS = 10_000;

/** The webhooks of an open project: where they are to be listened for, and who takes in what comes. */
export class ProjectWebhooks implements TriggerPart, IntakeUser {
  readonly receiver: WebhookReceiver;
  readonly secrets: WebhookSecrets;
  readonly #session: ProjectSession;
  readonly #hub: WebhookIntakeHub;
  readonly #onChange: () => void;
  #place: ListenPlace;
  #moved: PromiseWithResolvers<void> | null = null;

  constructor(
    session: ProjectSession,
    {
      registry,
      inlet,
      hub,
      onChange,
      onBug,
    }: {
      readonly registry: TriggerRegistry;
      readonly inlet: TriggerInlet;
      readonly hub: WebhookIntakeHub;
      /** Where deliveries come in is another place by now. */
      readonly onChange: () => void;
      readonly onBug: (error: unknown) => void;
    },
  ) {
    const { store, clock, config } = session;
    this.secrets = new WebhookSecrets(session, registry, () => {
      this.receiver.refresh();
      this.#wish();
      onChange();
    });
    this.#session = session;
    this.#hub = hub;
    this.#onChange = onChange;
    this.#place = config.webhooks;
    this.receiver = new WebhookReceiver({
      inlet,
      deliveries: store.deliveries,
      sourceOf: (workflowId) => this.secrets.sourceOf(workflowId),
      closed: () =>
        registry
          .list()
          .filter(
            ({ trigger, status }) =>
              trigger.kind === 'webhook' && status !== 'armed' && status !== 'paused' && status !== 'unavailable',
          )
          .map(({ trigger, reason }) => ({ key: trigger.key, config: trigger.config, reason })),
      notice: (key, text) => registry.notice(key, text),
      runIdOf: (workflowId, deliveryId, at) => makeRunId(workflowId, at, `delivery:${deliveryId}`, randomHex),
      isRunTaken: (runId) => store.runs.runNo(runId) !== null,
      onSecrets: (values) => session.host.hide(values),
      now: () => clock.now(),
      setTimer: clock.setTimer,
      randomHex,
      onBug,
    });
  }

  /** Where is listened, or to be. */
  get place(): ListenPlace {
    return this.#place;
  }

  update(triggers: readonly ArmedTrigger[]): void {
    this.receiver.update(triggers);
    this.#wish();
    this.secrets.learn();
  }

  /** Listens there from now on, whatever the settings say; resolves when that is so, or why not is known. */
  async listenAt({
    host,
    port,
  }: {
    readonly host?: string | undefined;
    readonly port?: number | undefined;
  }): Promise<void> {
    this.#place = { host: host ?? this.#place.host, port: port ?? this.#place.port };
    const moved = Promise.withResolvers<void>();
    this.#moved = moved;
    if (!this.#wish()) return;
    const stop = this.#session.clock.setTimer(MOVE_WAIT_MS, moved.resolve);
    await moved.promise;
    stop();
  }

  listening(state: ListenState | null): void {
    this.receiver.listening(state);
    this.#onChange();
    if (state !== null) this.#moved?.resolve();
  }

  receive(request: WebhookRequest): Promise<WebhookReply> {
    return this.receiver.receive(request);
  }

  async close(): Promise<void> {
    this.#hub.leave(this);
    await this.secrets.close();
    await this.receiver.close();
  }

  /** Whether anybody hears it. No port is open while nothing could come in. */
  #wish(): boolean {
    const isWanted = [...this.receiver.table.values()].some(({ endpoint }) => endpoint !== null);
    this.#hub.want(this, isWanted ? this.#place : null);
    return isWanted && this.#hub.isFollowed;
  }
}
