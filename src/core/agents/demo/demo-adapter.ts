import { AppError } from '../../../shared/errors.ts';
import { isJsonMap, type Json } from '../../../shared/json.ts';
import type { AgentCapabilities } from '../../../shared/model/agent.ts';
import type { AgentAdapter, AgentReply, AgentRequest } from '../../agent-port/index.ts';
import { DEMO } from '../agent-settings.ts';
import { DEFAULT_CAPABILITIES } from '../capabilities/capability-words.ts';
import { estimateUsage } from '../token-estimate.ts';
import { isList, readFacts } from './demo-facts.ts';
import { demoSentence, demoSummary } from './demo-summary.ts';
import { type FormData, fillSchema } from './fill-schema.ts';

const CAPABILITIES: AgentCapabilities = {
  ...DEFAULT_CAPABILITIES,
  toolCalling: 'none',
  streaming: false,
  codeExecution: false,
  fileCreation: false,
  multiTurn: false,
};

const VERSION = '1.0.0';

/**
 * The built-in agent (SPEC §4.4): offline, without a key, the same answer for the same step. It gives the rendered template, else
 * fills the output schema from the step's data, else a short summary. Free text says `demo`; it costs nothing and calls no tool.
 */
export function createDemoAdapter(): AgentAdapter {
  return {
    name: DEMO,
    provider: 'built-in',
    kind: 'built_in',
    capabilities: CAPABILITIES,
    defaultModel: DEMO,
    timeoutMs: 120_000,
    // It reads its question and nothing else: every limit holds.
    enforces: ['read', 'write', 'commands', 'hosts', 'env'],
    reportsCalls: false,
    isInstalled: async () => true,
    probe: async () => ({ version: VERSION }),
    ask: async (request) => answer(request),
    close: async () => undefined,
  };
}

function answer(request: AgentRequest): AgentReply {
  if (request.signal.aborted) throw new AppError('run.cancelled', 'The run was cancelled.');
  const { structured, text } = compose(request);
  request.note({ kind: 'text', text });
  return {
    text,
    ...(structured === undefined ? {} : { structured }),
    model: DEMO,
    usage: estimateUsage(request.prompt.length, text.length),
    reportedCost: '0',
  };
}

function compose({ operation, inputs, schema }: AgentRequest): { readonly structured?: Json; readonly text: string } {
  const facts = readFacts(inputs);
  const template = typeof inputs.template === 'string' && inputs.template.trim() !== '' ? inputs.template : null;
  if (schema === null) return { text: template === null ? demoSummary(operation, inputs, facts) : labelled(template) };
  const structured =
    operation === 'search' && isList(inputs.found_locally)
      ? { results: inputs.found_locally }
      : fillSchema(schema, {
          facts,
          sentence: demoSentence(operation, inputs, facts),
          text: template === null ? null : labelled(template),
          categories: categoryWords(inputs.categories),
        } satisfies FormData);
  return { structured, text: JSON.stringify(structured, null, 2) };
}

/** A text says who wrote it; a template that is JSON stays JSON. */
function labelled(text: string): string {
  try {
    JSON.parse(text);
    return text;
  } catch {
    return /\bdemo\b/i.test(text) ? text : `${text.trimEnd()}\n\n(demo)\n`;
  }
}

/** What the author says about each category: names, `[{name, description, keywords}]` or `{name: description}`. */
function categoryWords(categories: Json | undefined): ReadonlyMap<string, string> {
  if (isJsonMap(categories))
    return new Map(Object.entries(categories).map(([name, words]) => [name, JSON.stringify(words)]));
  if (!isList(categories)) return new Map();
  const described = categories.flatMap((one): readonly (readonly [string, string])[] => {
    if (!isJsonMap(one)) return [[String(one), '']];
    const name = one.name ?? one.id;
    return typeof name === 'string' ? [[name, JSON.stringify(one)]] : [];
  });
  return new Map(described);
}
