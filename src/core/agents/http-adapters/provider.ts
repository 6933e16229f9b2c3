import type { Json, JsonMap } from '../../../shared/json.ts';
import type { AgentCapabilities, TokenUsage } from '../../../shared/model/agent.ts';
import type { EventLimit, EventReader } from '../../streams/index.ts';
import type { HttpAgentSettings } from './settings.ts';
import type { ToolArguments } from './tool-arguments.ts';

/** A function as a provider is told of it; its name is already one that providers accept. */
export interface WireFunction {
  readonly name: string;
  readonly description: string;
  readonly parameters: JsonMap;
}

/** What a question is made of, before it takes a provider's form. */
export interface Question {
  readonly model: string;
  readonly prompt: string;
  readonly schema: JsonMap | null;
  readonly maxTokens: number | null;
  readonly functions: readonly WireFunction[];
  readonly settings: HttpAgentSettings;
}

/** A function call that a model asks for. */
export interface WantedCall {
  readonly id: string;
  /** As the model wrote it. */
  readonly name: string;
  readonly arguments: ToolArguments;
}

/** One answer of a model. */
export interface ModelTurn {
  readonly text: string;
  readonly calls: readonly WantedCall[];
  readonly model: string | null;
  /** `cut` = the limit of tokens was reached; `refused` = the model does not want to answer. */
  readonly stop: 'end' | 'cut' | 'refused';
  /** The value of the provider's structured mode, and what of it had to be read otherwise than it was written. */
  readonly structured?: Json;
  readonly notices?: readonly string[];
  /** The answer as the next request repeats it. */
  readonly message: JsonMap;
}

export interface CallResult {
  readonly call: WantedCall;
  readonly text: string;
  readonly isError: boolean;
}

/** Where the texts of a streamed answer go, piece by piece. */
export interface Say {
  text(piece: string): void;
  thinking(piece: string): void;
}

/** Puts a streamed answer together. */
export interface Assembly {
  /** Takes the data of one event; errors that a provider sends within the stream never come here. */
  take(event: JsonMap): void;
  /** Whether the provider has said that the answer is complete; counts of tokens may still follow. */
  isComplete(): boolean;
  /** As far as it is known now; null = nothing was said. */
  usage(): TokenUsage | null;
  turn(): ModelTurn;
}

/** The talk about one question in a provider's form: requests, answers and tool results, in turn. */
export interface Dialogue {
  /** The body of the next request. */
  body(): JsonMap;
  /** The server answers 400 and says this: true when the next body is plainer and worth another try. */
  relax(said: string): boolean;
  assemble(say: Say): Assembly;
  addTurn(turn: ModelTurn, results: readonly CallResult[]): void;
  /** The model has ended: true when it has to be asked once more for the structured form of its answer. */
  wantsClosing(turn: ModelTurn): boolean;
}

/** How a provider is reached and spoken to. */
export interface Provider {
  readonly provider: string;
  readonly capabilities: AgentCapabilities;
  readonly defaultModel: string;
  /** Environment variables, the first one that is set counts. */
  readonly names: { readonly keys: readonly string[]; readonly baseUrl: string; readonly model: string };
  readonly defaultBaseUrl: string;
  /** Whether the service at `defaultBaseUrl` wants a key. */
  readonly needsKey: boolean;
  /** A base URL as people write it → the one that paths are joined to. */
  normaliseBase(url: string): string;
  readonly chatPath: string;
  headers(key: string | null): Readonly<Record<string, string>>;
  /**
   * Paths that are free to ask: `list` shows that it is reached and the key is good, `version` says its version. `mayLackList` = services
   * that speak like this one may have no list.
   */
  readonly probe: { readonly list: string; readonly version: string | null; readonly mayLackList: boolean };
  unknownModelHint(model: string, agent: string): string;
  createReader(limit: EventLimit): EventReader;
  /** The data of an event that only says that the stream is over. */
  readonly endMark: string | null;
  begin(question: Question): Dialogue;
}
