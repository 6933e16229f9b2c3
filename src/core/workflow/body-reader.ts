import { grouped } from '../../shared/grouped.ts';
import type { TriggerDefinition } from '../../shared/model/workflow.ts';
import { emptyMap, type MapEntry, type YamlBudget } from '../yaml/index.ts';
import { hasKind, type ReadBlock, readPlacedBlocks } from './body-blocks.ts';
import { checkFalseSpaces } from './check-false-spaces.ts';
import { READER_LIMITS } from './limits.ts';
import { readMarkdown } from './markdown-blocks.ts';
import type { DiagnosticSink, Reporter } from './reporter.ts';
import { type BodyStructure, describeSection, readStructure, type StepSection } from './sections.ts';
import type { StepDraft } from './step-draft.ts';
import { isBrokenStep } from './step-kind.ts';
import { readStep } from './step-reader.ts';
import type { TextCollector } from './texts.ts';
import { readTriggers } from './triggers.ts';

/** What the body of a file says (SPEC §1.2, §1.3). */
export interface BodyReading {
  readonly steps: readonly StepDraft[];
  readonly triggers: readonly TriggerDefinition[];
  /** `inputs` and `success_conditions` keys of their sections, with the reporter of their block. */
  readonly inputs: readonly PlacedEntry[];
  readonly successConditions: readonly PlacedEntry[];
}

/** A key of a block that is read later. */
export interface PlacedEntry {
  readonly entry: MapEntry;
  readonly report: Reporter;
}

/** Everything one file is read with. */
export interface FileReading {
  readonly lines: readonly string[];
  readonly sink: DiagnosticSink;
  readonly budget: YamlBudget;
  /** Texts outside of steps, for the checks. */
  readonly texts: TextCollector;
}

/** Reads the Markdown from line index `from` on. */
export function readBody(file: FileReading, from: number): BodyReading {
  const parts = readMarkdown(file.lines, from);
  checkFalseSpaces(file.lines, { from, blocks: parts }, file.sink);
  const structure = readStructure(parts);
  const blocks = readPlacedBlocks(structure.blocks, file);
  reportStructure(structure, file.sink);
  const inSections = blocks.some((block) => block.placed.role === 'step' && isStepBlock(block));
  const steps = inSections ? readSectionSteps(blocks, file.sink) : readLooseSteps(blocks);
  const triggers: TriggerDefinition[] = [];
  const inputs: PlacedEntry[] = [];
  const successConditions: PlacedEntry[] = [];
  for (const block of blocks) {
    if (hasKind(block) || block.node.kind !== 'map') continue;
    const take = (key: string): MapEntry | undefined =>
      block.node.kind === 'map' ? block.node.entries.get(key) : undefined;
    const { role } = block.placed;
    const key =
      role === 'trigger'
        ? 'triggers'
        : role === 'input'
          ? 'inputs'
          : role === 'success'
            ? 'success_conditions'
            : undefined;
    const entry = key === undefined ? undefined : take(key);
    if (key === undefined) continue;
    checkSectionBlock(block, key);
    if (entry === undefined) continue;
    if (role === 'trigger') triggers.push(...readTriggers(entry, block.report, file.texts));
    else (role === 'input' ? inputs : successConditions).push({ entry, report: block.report });
  }
  return { steps, triggers, inputs, successConditions };
}

/** A block that is a step, or was meant as one. */
function isStepBlock(block: ReadBlock): boolean {
  return hasKind(block) || block.brokenStep || (block.node.kind === 'map' && isBrokenStep(block.node));
}

/** Keys beside the one that a trigger, input or success section is for. */
function checkSectionBlock(block: ReadBlock, key: string): void {
  if (block.node.kind !== 'map' || block.broken) return;
  for (const entry of block.node.entries.values()) {
    if (entry.key === key) continue;
    const fix = block.node.entries.has(key) ? undefined : `Put the block under '${key}:'.`;
    block.report.warning(
      'workflow.unknown_key',
      `Unknown key '${entry.key.slice(0, 80)}' in a section for ${key}`,
      entry.at,
      fix,
    );
  }
}

function reportStructure(structure: BodyStructure, sink: DiagnosticSink): void {
  for (const section of structure.cutNumbers) {
    const message = `Step numbers have at most two parts: this is step ${section.heading.number} with the name '${section.heading.title.slice(0, 60)}'`;
    sink.add({
      severity: 'warning',
      code: 'workflow.step_number',
      message,
      line: section.line,
      column: 1,
      step: section.heading.id,
    });
  }
  for (const comment of structure.comments) {
    if (
      !/^#{2,4}[ \t]+(?:Step[ \t]+)?\d/m.test(comment.text) &&
      !/^[ \t]*(?:```|~~~)[`~]*[ \t]*ya?ml/im.test(comment.text)
    )
      continue;
    const message = 'This part is HTML or commented out: the steps in it do not run';
    sink.add({ severity: 'warning', code: 'workflow.commented_out', message, line: comment.line, column: 1 });
  }
}

/** The usual form: every step block of a section is a step (SPEC §1.3). */
function readSectionSteps(blocks: readonly ReadBlock[], sink: DiagnosticSink): readonly StepDraft[] {
  const steps: StepDraft[] = [];
  const counts = new Map<StepSection, number>();
  for (const block of blocks) {
    const { section, nearMiss } = block.placed;
    if (!isStepBlock(block)) {
      if (section !== undefined) reportNoStep(block, section.heading.id);
      continue;
    }
    if (nearMiss !== undefined) reportNearMiss(block, section, sink);
    else if (section === undefined) reportOutside(block);
    if (section === undefined) continue;
    if (isFull(steps, block)) break;
    const count = (counts.get(section) ?? 0) + 1;
    counts.set(section, count);
    const setting = { name: section.heading.title, description: describeSection(section) };
    steps.push(readBlockStep(block, blockId(section.heading.id, count), setting));
  }
  return steps;
}

/** Reports the first step above the limit. */
function isFull(steps: readonly StepDraft[], block: ReadBlock): boolean {
  if (steps.length < READER_LIMITS.steps) return false;
  const message = `A workflow has at most ${grouped(READER_LIMITS.steps)} steps`;
  block.report.error('workflow.too_many_steps', message, 0, 'Move some of the steps into other workflows.');
  return true;
}

/** `step_3`, `step_3b`, … `step_3z`, `step_3_27`. */
function blockId(id: string, count: number): string {
  if (count === 1) return id;
  return count <= 26 ? `${id}${String.fromCharCode(96 + count)}` : `${id}_${count}`;
}

/** No step heading at all: every block with a kind key is a step. */
function readLooseSteps(blocks: readonly ReadBlock[]): readonly StepDraft[] {
  const steps: StepDraft[] = [];
  for (const block of blocks) {
    if (isStepBlock(block)) {
      if (isFull(steps, block)) break;
      steps.push(readBlockStep(block, `step_${steps.length + 1}`, {}));
    } else if (block.placed.section !== undefined) reportNoStep(block, block.placed.section.heading.id);
  }
  return steps;
}

function readBlockStep(
  block: ReadBlock,
  defaultId: string,
  setting: { name?: string; description?: string },
): StepDraft {
  const node = block.node.kind === 'map' ? block.node : emptyMap({ source: block.report.source, at: 0 });
  return readStep(node, {
    ...setting,
    defaultId,
    depth: 1,
    report: block.broken ? block.silent : block.report,
    broken: block.broken,
  });
}

function reportNoStep(block: ReadBlock, step: string): void {
  if (block.broken) return;
  const { node } = block;
  const report = block.report.forStep(step);
  if (node.kind === 'scalar' && node.value === null) return;
  const isStepList =
    node.kind === 'list' &&
    node.items.some((item) => item.kind === 'map' && (item.entries.has('action') || isBrokenStep(item)));
  const fix = "Add 'action' or another kind key, or tag the block 'yaml example'.";
  if (isStepList)
    report.error(
      'workflow.step_list',
      'A step block must be a map, this one is a list',
      node.at,
      'Write one block per step.',
    );
  else report.warning('workflow.no_kind', 'This block is no step: it has no kind key such as action', node.at, fix);
}

function reportNearMiss(block: ReadBlock, section: StepSection | undefined, sink: DiagnosticSink): void {
  const { nearMiss } = block.placed;
  if (nearMiss === undefined) return;
  const where =
    section === undefined
      ? 'there is no step above it, so it does not run'
      : `its block belongs to step '${section.heading.id}'`;
  sink.add({
    severity: section === undefined ? 'error' : 'warning',
    code: 'workflow.near_miss_heading',
    message: `'${nearMiss.title.slice(0, 80)}' is not a step heading: ${where}`,
    line: nearMiss.line,
    column: 1,
    fix: `Write '${nearMiss.fix}'.`,
    ...(section === undefined ? {} : { step: section.heading.id }),
  });
}

function reportOutside(block: ReadBlock): void {
  const message = 'This block looks like a step but stands outside of the step sections, so it does not run';
  const fix = "Put it under a heading such as ## Step 1: Name, or tag the block 'yaml example'.";
  block.report.warning('workflow.outside_section', message, block.node.at, fix);
}
