import { AppError } from '../../shared/errors.ts';
import type { TrustState } from '../../shared/model/trust.ts';
import type { TrustStore } from '../trust/index.ts';
import { type ProjectReach, readProjectReach } from './project-reach.ts';

/**
 * Whether what a project folder sets up may be reached and started (SPEC §6.7): of a folder that was made here without a question, of one from
 * elsewhere as far as a person accepted exactly what its files say now.
 */
export class ProjectGate {
  readonly #trust: TrustStore;
  readonly #projectPath: string;
  /** What the folder reached when its settings were read; null = it was made here. */
  openedWith: string | null = null;

  constructor(trust: TrustStore, projectPath: string) {
    this.#trust = trust;
    this.#projectPath = projectPath;
  }

  /** How the folder stands. Errors: those of reading it. */
  async state(): Promise<TrustState> {
    if (this.#trust.origin !== 'elsewhere') return 'own';
    if (this.#trust.acceptedReach === null) return 'untrusted';
    return this.stateOf(await this.read());
  }

  /** How the folder stands, for people; one that cannot be read counts as untrusted. */
  shownState(): Promise<TrustState> {
    return this.state().catch(() => 'untrusted');
  }

  /** Whether anything of it may be reached now; what cannot be read may not. */
  async isOpen(): Promise<boolean> {
    return this.require().then(
      () => true,
      () => false,
    );
  }

  /** The same for a reading of it. */
  stateOf({ hash }: Pick<ProjectReach, 'hash'>): TrustState {
    if (this.#trust.origin !== 'elsewhere') return 'own';
    const accepted = this.#trust.acceptedReach;
    if (accepted === null) return 'untrusted';
    return accepted.hash === hash ? 'trusted' : 'changed';
  }

  read(): Promise<ProjectReach> {
    return readProjectReach(this.#projectPath);
  }

  /** Before anything of the folder is reached or started. Throws `trust.needed`. */
  async require(): Promise<void> {
    const state = await this.state();
    if (state === 'own' || state === 'trusted') return;
    const isChanged = state === 'changed';
    throw new AppError(
      'trust.needed',
      isChanged
        ? 'What this project folder reaches or starts was changed since somebody trusted it: nothing of it is started.'
        : 'This project folder came from elsewhere and nobody has trusted it yet: nothing of it is reached or started.',
      {
        hint: `Look at what it could do, and trust it if that is what you want; on the command line: aiworkflow --project "${this.#projectPath}" bundle trust "${this.#projectPath}"`,
        details: { path: '.' },
      },
    );
  }
}
