import type { DoctorCheck } from '../../shared/contract/index.ts';
import { SANDBOX_NAMES, type Sandbox } from '../processes/index.ts';

/** What of scripts and servers is held on this system, in plain words. That there is no sandbox is nothing to mend everywhere. */
export function sandboxCheck(sandbox: Sandbox): DoctorCheck {
  const name = 'Sandbox';
  if (sandbox.kind === 'none') {
    const message = `What tools declare of files and network is not held here: they run with your rights. ${sandbox.reason}`;
    return { name, value: 'none', status: 'info', message };
  }
  const message =
    'Tools that declare what they need get nothing else. Those that declare nothing run with your rights.';
  return { name, value: SANDBOX_NAMES[sandbox.kind], status: 'ok', message };
}
