import { toErrorRecord } from '../../shared/errors.ts';
import { type SecretSource, secretNamesOf, type TriggerRegistry } from '../triggers/index.ts';
import type { ProjectSession } from './project-session.ts';

type Found = string | { readonly problem: string };

/**
 * The stored secrets that webhooks name, each allowed to the workflow that is started (SPEC §7.3, §12.4). They are learned beforehand: a
 * signature is checked while the sender waits.
 */
export class WebhookSecrets {
  readonly #session: Pick<ProjectSession, 'secrets' | 'env'>;
  readonly #registry: TriggerRegistry;
  readonly #onChange: () => void;
  /** By workflow and name. */
  #found = new Map<string, { readonly stamp: string; readonly found: Found }>();
  #learning: Promise<void> = Promise.resolve();
  #isClosed = false;

  /** `onChange` hears when another value counts. */
  constructor(session: Pick<ProjectSession, 'secrets' | 'env'>, registry: TriggerRegistry, onChange: () => void) {
    this.#session = session;
    this.#registry = registry;
    this.#onChange = onChange;
  }

  /** Where the secrets of a webhook of this workflow are looked up. */
  sourceOf(workflowId: string): SecretSource {
    return {
      variable: (name) => this.#session.env[name],
      stored: (name) => this.#found.get(keyOf(workflowId, name))?.found,
    };
  }

  /** Learns what is named now. `isAnew`: what is known already may be another, or may not be had any more. */
  learn({ isAnew = false }: { readonly isAnew?: boolean } = {}): void {
    this.#learning = this.#learning.then(() => this.#learn(isAnew));
  }

  /** Resolves when all that was to be learned is. */
  learned(): Promise<void> {
    return this.#learning;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#learning;
  }

  async #learn(isAnew: boolean): Promise<void> {
    if (this.#isClosed) return;
    const stamps = new Map(
      this.#session.secrets.list().map(({ name, version, updatedAt }) => [name, `${version} ${updatedAt}`]),
    );
    const before = this.#found;
    if (stamps.size + before.size === 0) return;
    const next: typeof before = new Map();
    for (const { trigger } of this.#registry.list()) {
      if (trigger.kind !== 'webhook') continue;
      for (const name of secretNamesOf(trigger.config)) {
        const stamp = stamps.get(name);
        const key = keyOf(trigger.workflowId, name);
        if (stamp === undefined || next.has(key)) continue;
        const known = before.get(key);
        const isKnown = !isAnew && known?.stamp === stamp;
        next.set(key, isKnown ? known : { stamp, found: await this.#read(name, trigger.workflowId) });
      }
    }
    this.#found = next;
    if (!this.#isClosed && JSON.stringify([...before]) !== JSON.stringify([...next])) this.#onChange();
  }

  async #read(name: string, workflowId: string): Promise<Found> {
    try {
      return await this.#session.secrets.read(name, { kind: 'workflow', name: workflowId });
    } catch (error) {
      const { message, hint } = toErrorRecord(error);
      return { problem: hint === undefined ? message : `${message} ${hint}` };
    }
  }
}

const keyOf = (workflowId: string, name: string): string => `${workflowId}\n${name}`;
