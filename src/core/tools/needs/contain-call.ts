import type { AppError } from '../../../shared/errors.ts';
import type { ToolNeeds } from '../../../shared/model/needs.ts';
import type { StepWarning } from '../../../shared/model/run.ts';
import { openHostProxy } from '../../http/index.ts';
import { type Containment, findSandbox, SANDBOX_NAMES, type Sandbox } from '../../processes/index.ts';
import type { ToolCall } from '../../tool-port/index.ts';
import { containmentText, type PlannedContainment } from './containment-of.ts';

/** What holds a process, with the way to the hosts that it may reach. */
export interface HeldProcess {
  readonly containment: Containment | undefined;
  /** Hosts that it asked for and was refused, so far. */
  readonly refused: () => readonly StepWarning[];
  /** Ends the way. */
  readonly close: () => Promise<void>;
}

const UNHELD: HeldProcess = { containment: undefined, refused: () => [], close: () => Promise.resolve() };

/**
 * Makes of a plan what a process is started with: where hosts are named and the sandbox is bubblewrap, a proxy that lets through these alone
 * (elsewhere the network is open to it). Each host that is refused is told to `log` with its reason. Errors: `file.io`.
 */
export async function holdProcess(
  planned: PlannedContainment | null,
  log: (line: string) => void,
  sandbox: () => Sandbox = findSandbox,
): Promise<HeldProcess> {
  if (planned === null) return UNHELD;
  const { network, ...plan } = planned;
  if (typeof network === 'boolean' || network.length === 0)
    return { ...UNHELD, containment: { ...plan, network: network === true } };
  if (sandbox().kind !== 'bubblewrap') return { ...UNHELD, containment: { ...plan, network: true } };
  const refused: StepWarning[] = [];
  const onRefused = (error: AppError): void => {
    const message = `Kept back (${error.code}): ${error.message}`;
    refused.push({ code: error.code, message });
    log(message);
  };
  const proxy = await openHostProxy({ hosts: network, onRefused });
  return { containment: { ...plan, network: proxy.socketPath }, refused: () => refused, close: () => proxy.close() };
}

const MOST_RUNS = 1_000;

/** Remembers which runs have been told what holds a tool: it is the same for each of its calls. */
export class ToldRuns {
  readonly #runs = new Set<string>();

  /** True the first time that a run asks. */
  isFirst(runId: string): boolean {
    if (this.#runs.has(runId)) return false;
    this.#runs.add(runId);
    const [oldest] = this.#runs;
    if (this.#runs.size > MOST_RUNS && oldest !== undefined) this.#runs.delete(oldest);
    return true;
  }
}

/** Says in the log of a step what holds its tool, once in a run; a warning where the system has nothing that could. */
export function sayContained(
  containment: Pick<PlannedContainment, 'read' | 'write' | 'network'> | ToolNeeds | null,
  { runId, log }: Pick<ToolCall, 'runId' | 'log'>,
  { told, sandbox = findSandbox }: { readonly told: ToldRuns; readonly sandbox?: (() => Sandbox) | undefined },
): readonly StepWarning[] {
  if (containment === null || !told.isFirst(runId)) return [];
  const holder = sandbox();
  if (holder.kind === 'none') {
    const message = `Not contained: what the tool declares is not held here. ${holder.reason}`;
    log('log', message, 'warning');
    return [{ code: 'tool.not_contained', message }];
  }
  const { network } = containment;
  // Only bubblewrap tells one host from another.
  const held = holder.kind === 'seatbelt' && Array.isArray(network) ? network.length > 0 : (network ?? false);
  log('log', containmentText({ ...containment, network: held }, SANDBOX_NAMES[holder.kind]));
  return [];
}
