import type { AppError } from '../../../../shared/errors.ts';
import type { Diagnostic } from '../../../../shared/model/diagnostic.ts';
import type { HttpClient } from '../../../http/index.ts';
import type { ProcessRunner } from '../../../processes/index.ts';
import type { RegistryTool } from '../../registry-port.ts';
import type { RegistryPorts } from '../calls/rate-limit.ts';
import type { PinStore } from '../pins/pin-store.ts';
import type { ReadToolSecret } from './authentication.ts';

type HostEnv = Readonly<Record<string, string | undefined>>;

/** What tools of one registry are built with. */
export interface ToolParts {
  readonly projectPath: string;
  readonly registryFile: string;
  readonly stateDir: string;
  readonly runner: ProcessRunner;
  readonly http: HttpClient;
  readonly hostEnv: HostEnv;
  /** `tools.timeout`, ms. */
  readonly timeoutMs: number;
  readonly pins: PinStore;
  readonly ports: RegistryPorts;
  readonly onChange: () => void;
  readonly onSecret: (value: string) => void;
  /** Null = this project keeps no secrets. */
  readonly readSecret: ReadToolSecret | null;
  /** Asked before anything of a tool is reached or started. */
  readonly requireUse: () => Promise<void>;
}

/** An implementation as a tool, nothing started. */
export interface OpenedImplementation {
  readonly tool: RegistryTool;
  /** Whether its definitions come from elsewhere and are pinned (SPEC §5.3, §5.4). */
  readonly isPinned: boolean;
  readonly problems: readonly Diagnostic[];
  /** Why it cannot be used at all, as far as `load` has found out. */
  error(): AppError | null;
  /** Reads what of it lies in files of the project; gives what is wrong there. Starts nothing, sends nothing, never rejects. */
  load(): Promise<readonly Diagnostic[]>;
}

/** A tool that cannot be used before somebody mends its registry entry: whoever wants it is told why. */
export function brokenTool(name: string, error: AppError): OpenedImplementation {
  const refuse = (): never => {
    throw error;
  };
  const tool: RegistryTool = {
    name,
    category: 'service',
    operations: null,
    known: () => null,
    traits: refuse,
    check: () => [{ severity: 'error', code: error.code, message: error.message, ...fixOf(error) }],
    describe: () => Promise.reject(error),
    functions: () => Promise.reject(error),
    execute: () => Promise.reject(error),
    close: () => Promise.resolve(),
  };
  return { tool, isPinned: false, problems: [], error: () => error, load: () => Promise.resolve([]) };
}

const fixOf = ({ hint }: AppError): { readonly fix?: string } => (hint === undefined ? {} : { fix: hint });
