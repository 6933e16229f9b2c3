import type { JsonMap } from '../../shared/json.ts';
import type { Finding } from '../../shared/model/trust.ts';
import { CapabilityList } from './capability-list.ts';
import { hiddenIn, inCode, isCode, ranked, type TrustReading, variablesThatLoad } from './read-trust.ts';
import { findHosts } from './risky-code.ts';
import type { TreeFile } from './tree.ts';

/** An agent as a project sets it up. */
export interface AgentReach {
  readonly name: string;
  /** What counts of `agent.configs`: no model, no time. */
  readonly settings: JsonMap;
  readonly baseUrl: string | null;
  /** Names of what it logs in with, and of the variables that it is handed. */
  readonly keys: readonly string[];
  /** What is started for it; null = it is asked over HTTP, or its program is one that we know. */
  readonly command: string | null;
}

/** A tool as a project sets it up. */
export interface ToolReach {
  readonly name: string;
  readonly purpose: string;
  /** Command line of a server; code of a tool is among the files. */
  readonly command: string | null;
  readonly hosts: readonly string[];
  /** Variables of this computer, and secrets, that it is handed. */
  readonly variables: readonly string[];
  readonly secrets: readonly string[];
  /** All that it is made of. */
  readonly made: unknown;
}

/** What of a project folder is reached or started for it (SPEC §6.7), as its files say it. */
export interface ProjectParts {
  readonly agents: readonly AgentReach[];
  readonly tools: readonly ToolReach[];
  /** Code and definitions beside the registry; paths from the project. */
  readonly files: readonly TreeFile[];
  /** Variables that its `.env` files set for all that it reaches. */
  readonly env: Readonly<Record<string, string>>;
  /** Variables of this computer that its templates may read. */
  readonly readsEnv: readonly string[];
  /** Settings of channels that are told what happens. */
  readonly channels: unknown;
}

/** What a workflow of a project's library was found to do. */
export interface LibraryReach {
  readonly path: string;
  readonly name: string;
  readonly trust: TrustReading;
}

/**
 * What the settings of a project folder reach, start and hand on, as a bundle's sheet says it. Models, times and texts do not count. Nothing
 * of it is started or asked.
 */
export function readProject(parts: ProjectParts): TrustReading {
  const list = new CapabilityList();
  const findings: Finding[] = parts.files.flatMap(hiddenIn);
  for (const agent of parts.agents) findings.push(...addAgent(list, agent));
  for (const tool of parts.tools) addTool(list, tool);
  for (const [name, value] of Object.entries(parts.env))
    list.add({ kind: 'environment', name, purpose: "Set by the project's .env for all that it reaches", made: value });
  findings.push(...variablesThatLoad('.env', parts.env));
  for (const name of parts.readsEnv)
    list.add({ kind: 'environment', name, purpose: 'Of this computer: templates of workflows may read it' });
  for (const host of findHosts(JSON.stringify(parts.channels ?? null)).keys())
    list.add({
      kind: 'reaches',
      name: host,
      purpose: 'Is told what happens here (alert channel)',
      made: parts.channels,
    });
  for (const file of parts.files.filter(isCode)) {
    list.add({ kind: 'runs', name: file.path, purpose: 'Code of the tools of this project', made: file.sha256 });
    findings.push(...inCode(list, file));
  }
  return { capabilities: list.list(), findings: ranked(findings) };
}

/** The same with what its workflows could do: the whole sheet of a folder. Ids of findings begin with the path of their workflow. */
export function withLibrary(project: TrustReading, library: readonly LibraryReach[]): TrustReading {
  const list = new CapabilityList();
  for (const one of project.capabilities) list.add({ ...one, made: one.fingerprint });
  for (const { path, name, trust } of library)
    for (const one of trust.capabilities)
      list.add({
        ...one,
        name: one.kind === 'runs' || one.kind === 'asks' ? `${path}: ${one.name}` : one.name,
        purpose: `${name}: ${one.purpose}`,
        made: [path, one.fingerprint],
      });
  const findings = library.flatMap(({ path, trust }) =>
    trust.findings.map((one): Finding => {
      const { about, file } = one;
      return {
        ...one,
        id: idIn(path, one.id),
        ...(file === undefined ? {} : { file: `${path}/${file}` }),
        ...(about === undefined
          ? {}
          : { about: { ...about, name: about.kind === 'runs' ? `${path}: ${about.name}` : about.name } }),
      };
    }),
  );
  return { capabilities: list.list(), findings: ranked([...project.findings, ...findings]) };
}

/** A finding of one workflow as it is called on the sheet of the whole folder. */
export const idIn = (path: string, id: string): string => `${path}|${id}`;

function addAgent(list: CapabilityList, agent: AgentReach): readonly Finding[] {
  const { name, settings, baseUrl, keys, command } = agent;
  list.add({ kind: 'agents', name, purpose: 'Set up by this project', made: settings });
  if (command !== null)
    list.add({ kind: 'runs', name: command, purpose: `The agent ${name}: it is given what you ask`, made: settings });
  for (const key of keys)
    list.add({ kind: 'environment', name: key, purpose: `Handed from this computer to the agent ${name}` });
  const hosts = baseUrl === null ? [] : [...findHosts(baseUrl).keys()];
  for (const host of hosts)
    list.add({ kind: 'reaches', name: host, purpose: `The agent ${name} is asked there`, made: baseUrl });
  return hosts.map((host) => ({
    ...{ id: `agent.address:${name}:${host}`, code: 'agent.address', severity: 'high' },
    title: 'What you ask an agent goes to an address of this project',
    text: `Every question to ${name}, with the data in it and the key that it logs in with, is sent to ${host}.`,
    about: { kind: 'reaches', name: host },
  }));
}

function addTool(list: CapabilityList, { name, purpose, command, hosts, variables, secrets, made }: ToolReach): void {
  list.add({ kind: 'tools', name, purpose, made });
  if (command !== null) list.add({ kind: 'runs', name: command, purpose: `The tool ${name}`, made });
  for (const host of hosts) list.add({ kind: 'reaches', name: host, purpose: `The tool ${name}` });
  for (const one of variables)
    list.add({ kind: 'environment', name: one, purpose: `Handed from this computer to the tool ${name}` });
  for (const one of secrets) list.add({ kind: 'secrets', name: one, purpose: `The tool ${name} logs in with it` });
}
