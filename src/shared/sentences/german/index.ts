import type { Sentences } from '../read-sentence.ts';
import { agentCli } from './agent-cli.ts';
import { agentHttp } from './agent-http.ts';
import { agents } from './agents.ts';
import { cassettes } from './cassettes.ts';
import { conversions } from './conversions.ts';
import { costsAndQueues } from './costs-and-queues.ts';
import { engine } from './engine.ts';
import { expressions1 } from './expressions-1.ts';
import { expressions2 } from './expressions-2.ts';
import { files } from './files.ts';
import { governance } from './governance.ts';
import { http } from './http.ts';
import { operationsAM1 } from './operations-a-m-1.ts';
import { operationsAM2 } from './operations-a-m-2.ts';
import { operationsPZ1 } from './operations-p-z-1.ts';
import { operationsPZ2 } from './operations-p-z-2.ts';
import { phrases } from './phrases.ts';
import { pieces } from './pieces.ts';
import { project1 } from './project-1.ts';
import { project2 } from './project-2.ts';
import { remoteRuns } from './remote-runs.ts';
import { server } from './server.ts';
import { shared } from './shared.ts';
import { toolMcp } from './tool-mcp.ts';
import { toolOpenapi } from './tool-openapi.ts';
import { toolRegistry } from './tool-registry.ts';
import { toolScript } from './tool-script.ts';
import { tools } from './tools.ts';
import { triggers } from './triggers.ts';
import { trust } from './trust.ts';
import { workflow1 } from './workflow-1.ts';
import { workflow2 } from './workflow-2.ts';
import { workspaceCopies } from './workspace-copies.ts';

/** Every sentence of the engine in German, and what stands in their places. */
export const GERMAN: { readonly sentences: Sentences; readonly phrases: Sentences } = {
  sentences: {
    ...agentCli,
    ...agentHttp,
    ...agents,
    ...cassettes,
    ...conversions,
    ...costsAndQueues,
    ...engine,
    ...expressions1,
    ...expressions2,
    ...files,
    ...governance,
    ...http,
    ...operationsAM1,
    ...operationsAM2,
    ...operationsPZ1,
    ...operationsPZ2,
    ...project1,
    ...project2,
    ...remoteRuns,
    ...server,
    ...shared,
    ...toolMcp,
    ...toolOpenapi,
    ...toolRegistry,
    ...toolScript,
    ...tools,
    ...triggers,
    ...trust,
    ...workflow1,
    ...workflow2,
    ...workspaceCopies,
  },
  phrases: { ...phrases, ...pieces },
};
