import { AppError } from '../../shared/errors.ts';
import { failRun } from './finish.ts';
import type { DriverOptions } from './run-driver.ts';
import { isEnded } from './run-state.ts';

/** What the steps work in is made before any of them begins; where it cannot be made, none does. False = the run has ended by that. */
export async function openCopy({
  recorder,
  host,
  version,
}: Pick<DriverOptions, 'recorder' | 'host' | 'version'>): Promise<boolean> {
  if (isEnded(recorder.state.status)) return true;
  await recorder.commit();
  try {
    const made = await host.openCopy(recorder.state, version.workflow);
    if (made === null) return true;
    recorder.emit(made);
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
    recorder.emit(failRun(recorder.state, thrown));
  }
  await recorder.commit();
  return !isEnded(recorder.state.status);
}
