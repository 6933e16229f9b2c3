import type { Condition, InputDefinition, Step, Workflow, WorkflowReading } from '../../shared/model/workflow.ts';
import { type MapNode, YAML_LIMITS, type YamlMemory, yamlSource } from '../yaml/index.ts';
import { type BodyReading, type FileReading, type PlacedEntry, readBody } from './body-reader.ts';
import { checkAgentNames } from './check-agent-names.ts';
import { checkDraft } from './check-draft.ts';
import { readFileText } from './file-text.ts';
import { readMetadata } from './frontmatter.ts';
import { readInputDefinitions } from './inputs.ts';
import { type PlacedOutput, readOutputDefinitions } from './outputs.ts';
import { createReporter, createSink, type Reporter } from './reporter.ts';
import { collectTexts, readCondition, type TextCollector } from './texts.ts';
import { readTriggers } from './triggers.ts';
import { readYamlBlock } from './yaml-block.ts';

/** How a file is named. `fallbackId` stands in where the workflow does not say its id. */
export interface ReadOptions {
  readonly file: string;
  readonly fallbackId?: string;
  /** Agents that are known here; absent = their names are not checked. */
  readonly agentNames?: readonly string[];
  /** Of a text that is read again and again while it is typed. */
  readonly memory?: YamlMemory;
  /** Hears of each step which variables and local names it sees, the nearest first. */
  readonly onNames?: (step: Step, names: Iterable<string>) => void;
}

/** What stands above the body. */
export interface Frontmatter {
  readonly root: MapNode | undefined;
  readonly report: Reporter;
  readonly present: boolean;
  readonly bodyFrom: number;
}

/**
 * Reads a workflow file (SPEC §1): the whole structure and every check that needs no tools. It never throws on content;
 * all problems come at once, in file order, and what cannot be read has its default.
 */
export function readWorkflow(text: string, options: ReadOptions): WorkflowReading {
  const sink = createSink(options.file);
  const read = readFileText(text);
  if (read.problem !== undefined) sink.add(read.problem);
  const texts = collectTexts();
  const file: FileReading = {
    lines: read.lines ?? [],
    sink,
    budget: { tokens: YAML_LIMITS.tokens, memory: options.memory },
    texts,
  };
  const front = readFrontmatter(file);
  const body = readBody(file, front.bodyFrom);
  const { workflow, outputs, successTexts } = assemble(front, body, texts, options);
  if (read.problem !== undefined) return { workflow, diagnostics: sink.sorted() };
  const found = checkDraft({
    workflow,
    steps: body.steps,
    outputs,
    texts: texts.uses,
    successTexts,
    report: front.report,
    onNames: options.onNames,
  });
  if (options.agentNames !== undefined) checkAgentNames({ ...front, steps: body.steps }, options.agentNames);
  return { workflow: { ...workflow, ...found }, diagnostics: sink.sorted() };
}

/** Reads what stands above the body and reports what is wrong with its YAML. */
export function readFrontmatter(file: FileReading): Frontmatter {
  const { lines } = file;
  const split = splitFrontmatter(lines);
  const yaml = split.end === undefined ? '' : lines.slice(1, split.end).join('\n');
  const firstLine = split.end === undefined ? 1 : 2;
  const source = yamlSource(yaml, { file: file.sink.file, firstLine, fileLines: lines });
  const report = createReporter(file.sink, source);
  const frame = { report, present: split.end !== undefined, bodyFrom: split.bodyFrom };
  if (split.unclosed) {
    const message = 'Invalid YAML frontmatter: it is never closed by a line ---';
    report.error(
      'workflow.invalid_yaml',
      message,
      { line: 1, column: 1 },
      'Add a line with --- behind the frontmatter.',
    );
  }
  if (split.end === undefined) return { ...frame, root: undefined };
  const { node, broken } = readYamlBlock(report, file.budget, 'Invalid YAML frontmatter');
  if (node.kind === 'map') return { ...frame, root: node };
  if (!broken && node.value !== null) {
    report.error(
      'workflow.invalid_yaml',
      'Invalid YAML frontmatter: it must be a map of keys',
      node.at,
      'Write for example workflow: {id: my-flow}.',
    );
  }
  return { ...frame, root: undefined };
}

interface Assembly {
  readonly workflow: Workflow;
  readonly outputs: readonly PlacedOutput[];
  readonly successTexts: TextCollector['uses'];
}

function assemble(front: Frontmatter, body: BodyReading, texts: TextCollector, options: ReadOptions): Assembly {
  const metadata = readMetadata(front.root, front.report);
  const { root, report } = front;
  const outputs = readOutputDefinitions(root?.entries.get('outputs'), report);
  const successTexts = collectTexts();
  const success = root?.entries.get('success_conditions');
  const successConditions = [...(success === undefined ? [] : [{ entry: success, report }]), ...body.successConditions];
  const fallbackId = options.fallbackId?.trim() ?? '';
  const workflow: Workflow = {
    ...metadata,
    id: metadata.id === 'unnamed' && fallbackId !== '' ? fallbackId : metadata.id,
    hasFrontmatter: front.present,
    triggers: [...readTriggers(root?.entries.get('triggers'), report, texts), ...body.triggers],
    inputs: readAllInputs(front, body.inputs, texts),
    outputs: outputs.map((output) => output.definition),
    successConditions: successConditions.flatMap((placed) => readSuccess(placed, successTexts)),
    steps: body.steps.map((draft) => draft.step),
    usesSingleBraces: false,
  };
  return { workflow, outputs, successTexts: successTexts.uses };
}

/** The frontmatter's inputs, those of the body's sections over them. */
function readAllInputs(
  front: Frontmatter,
  sections: readonly PlacedEntry[],
  texts: TextCollector,
): readonly InputDefinition[] {
  const merged = new Map<string, InputDefinition>();
  const first = front.root?.entries.get('inputs');
  const all = [...(first === undefined ? [] : [{ entry: first, report: front.report }]), ...sections];
  for (const { entry, report } of all) {
    for (const definition of readInputDefinitions(entry, report, texts)) merged.set(definition.name, definition);
  }
  return [...merged.values()];
}

function readSuccess({ entry, report }: PlacedEntry, texts: TextCollector): readonly Condition[] {
  const nodes = entry.node.kind === 'list' ? entry.node.items : entry.node.value === null ? [] : [entry.node];
  return nodes
    .map((node) => readCondition(node, 'success_conditions', report, texts))
    .filter((condition) => condition !== undefined);
}

/** Where the frontmatter and the body of a file lie, as 0-based line indexes. */
interface FrontmatterSplit {
  /** Lines `[1, end)` are the YAML; undefined without a frontmatter. */
  readonly end?: number;
  /** The first line of the body. */
  readonly bodyFrom: number;
  /** A frontmatter was opened and never closed. */
  readonly unclosed: boolean;
}

const MARK = /^---[ \t]*$/;

/** Finds the frontmatter (SPEC §1): `---` on the first line up to the next line that is exactly `---`. */
function splitFrontmatter(lines: readonly string[]): FrontmatterSplit {
  if (!MARK.test(lines[0] ?? '')) return { bodyFrom: 0, unclosed: false };
  const end = lines.findIndex((line, index) => index > 0 && MARK.test(line));
  if (end !== -1) return { end, bodyFrom: end + 1, unclosed: false };
  const first = lines.slice(1).find((line) => line.trim() !== '') ?? '';
  return { bodyFrom: 1, unclosed: /^[A-Za-z_][\w-]*\s*:/.test(first) };
}
