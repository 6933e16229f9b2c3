import type { ChildEnded } from '../../shared/model/events.ts';
import { failRun } from './finish.ts';
import type { Arrival, RunnableVersion } from './ports.ts';
import { isVersionGone } from './refusals.ts';
import type { ActPorts } from './run-acts.ts';
import type { RunRecorder } from './run-recorder.ts';
import type { LoadedRun } from './run-recovery.ts';
import type { RunState } from './run-state.ts';

interface SelfActPorts extends ActPorts {
  readonly isClosing: () => boolean;
  readonly now: () => number;
}

/**
 * What a waiting run does with nobody there: it goes on when its instant, its turn or the end of another run has come. One whose version
 * is gone fails, as it does when a new engine takes it over.
 */
export class SelfActs {
  readonly #engine: SelfActPorts;

  constructor(engine: SelfActPorts) {
    this.#engine = engine;
  }

  /** The instant has come that a run waited for. */
  wake(runId: string): Promise<void> {
    const { turns, live, letRest, load, isClosing, now } = this.#engine;
    return turns.take(runId, async () => {
      await letRest(runId);
      if (isClosing() || live(runId) !== undefined) return;
      const loaded = load(runId);
      const { wakeAt } = loaded.recorder.state;
      if (wakeAt !== null && wakeAt <= now()) await this.goOn(loaded);
    });
  }

  /** Something came that a waiting run may wait for; without it, it is looked in the inbox. */
  hear(runId: string, arrival?: Arrival): Promise<void> {
    const { turns, live, letRest, load, driver, isClosing } = this.#engine;
    return turns.take(runId, async () => {
      await letRest(runId);
      if (isClosing()) return;
      const driven = live(runId);
      if (driven !== undefined) {
        driven.driver.nudge();
        return;
      }
      const loaded = load(runId);
      if (loaded.recorder.state.hears === null) return;
      const version = await this.#versionOrEnd(loaded.recorder);
      if (version !== null && driver(loaded.recorder, version).isHeard(arrival)) await this.goOn(loaded);
    });
  }

  /** A run that waits is driven again. For whoever has its turn. */
  async goOn({ recorder, interrupted }: LoadedRun): Promise<void> {
    const version = await this.#versionOrEnd(recorder);
    if (version === null) return;
    recorder.emit({ type: 'run.woken' });
    this.#engine.launch(recorder, version, interrupted);
    await recorder.durable();
  }

  /** The run that a step of another waits for has ended: the other is woken, unless it stands for a person. */
  tell(runId: string, path: string, ended: ChildEnded): Promise<void> {
    const { turns, live, letRest, load, launch, driver, keep } = this.#engine;
    return turns.take(runId, async () => {
      await letRest(runId);
      const driven = live(runId);
      if (driven !== undefined) {
        if (isAwaited(driven.recorder.state, path)) await driven.driver.tell(path, ended);
        return;
      }
      const { recorder, interrupted } = load(runId);
      if (!isAwaited(recorder.state, path)) return;
      const version = await this.#versionOrEnd(recorder);
      if (version === null) return;
      const isWoken = recorder.state.status === 'waiting' || recorder.state.status === 'in_doubt';
      if (isWoken) recorder.emit({ type: 'run.woken' });
      await driver(recorder, version).tell(path, ended);
      if (isWoken) launch(recorder, version, interrupted);
      else keep(recorder);
      // Whoever takes the next turn reads it from the store.
      await recorder.durable();
    });
  }

  /** The pinned version; null = it is gone, and the run has failed. */
  async #versionOrEnd(recorder: RunRecorder): Promise<RunnableVersion | null> {
    const { versionOf, end } = this.#engine;
    try {
      return await versionOf(recorder);
    } catch (error) {
      if (!isVersionGone(error)) throw error;
      await end(recorder, failRun(recorder.state, error));
      return null;
    }
  }
}

const isAwaited = ({ steps }: RunState, path: string): boolean => {
  const record = steps.get(path);
  return record?.status === 'waiting' && record.waitpoint?.child != null && record.waitpoint.resolved === null;
};
