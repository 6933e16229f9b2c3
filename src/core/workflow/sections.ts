import type { StepHeading } from './headings.ts';
import { hasCutNumber } from './headings.ts';
import { type FenceBlock, isYamlFence, type MarkdownBlock } from './markdown-blocks.ts';

/** What a YAML fence is for, by where it stands (SPEC §1.2). */
export type BlockRole = 'step' | 'trigger' | 'input' | 'success' | 'none';

/** A YAML fence with its place in the structure. */
export interface PlacedBlock {
  readonly fence: FenceBlock;
  readonly role: BlockRole;
  /** The step section it stands in. */
  readonly section?: StepSection;
  /** A heading just above it that looks like a step heading but is none. */
  readonly nearMiss?: NearMiss;
}

export interface NearMiss {
  readonly line: number;
  readonly title: string;
  readonly fix: string;
}

/** A step heading and the prose under it. */
export interface StepSection {
  readonly heading: StepHeading;
  readonly line: number;
  readonly prose: readonly string[];
}

/** The body of a workflow file by structure. */
export interface BodyStructure {
  readonly blocks: readonly PlacedBlock[];
  readonly sections: readonly StepSection[];
  /** Lines of headings such as `## Step 1.2.3: H`. */
  readonly cutNumbers: readonly StepSection[];
  /** HTML comments, where steps can hide. */
  readonly comments: readonly { readonly line: number; readonly text: string }[];
}

interface Cursor {
  role: BlockRole;
  section: { heading: StepHeading; line: number; prose: string[] } | undefined;
  stepLevel: number | undefined;
  nearMiss: NearMiss | undefined;
}

const SECTION_ROLES = [
  ['trigger', 'trigger'],
  ['input', 'input'],
  ['success', 'success'],
] as const;

/** Sorts headings, fences and prose into step, trigger, input and success sections. */
export function readStructure(markdown: readonly MarkdownBlock[]): BodyStructure {
  const blocks: PlacedBlock[] = [];
  const sections: StepSection[] = [];
  const comments: { line: number; text: string }[] = [];
  const cursor: Cursor = { role: 'none', section: undefined, stepLevel: undefined, nearMiss: undefined };
  for (const block of markdown) {
    if (block.kind === 'heading') {
      enterHeading(block, cursor);
      if (cursor.section !== undefined && cursor.section.line === block.line) sections.push(cursor.section);
    } else if (block.kind === 'prose') {
      if (cursor.role === 'step') cursor.section?.prose.push(block.text);
    } else if (block.kind === 'comment') {
      comments.push({ line: block.line, text: block.text });
    } else if (isYamlFence(block)) {
      blocks.push(placeBlock(block, cursor));
    }
  }
  return { blocks, sections, cutNumbers: sections.filter((section) => hasCutNumber(section.heading)), comments };
}

function placeBlock(fence: FenceBlock, cursor: Cursor): PlacedBlock {
  return {
    fence,
    role: cursor.role,
    ...(cursor.role === 'step' && cursor.section !== undefined ? { section: cursor.section } : {}),
    ...(cursor.nearMiss === undefined ? {} : { nearMiss: cursor.nearMiss }),
  };
}

function enterHeading(block: MarkdownBlock & { kind: 'heading' }, cursor: Cursor): void {
  const { heading, line } = block;
  cursor.nearMiss = undefined;
  if (heading.kind === 'step') {
    cursor.role = 'step';
    cursor.section = { heading, line, prose: [] };
    cursor.stepLevel = heading.level;
    return;
  }
  const role = sectionRole(heading.title, heading.level, cursor.stepLevel);
  if (role !== undefined) {
    cursor.role = role;
    cursor.section = undefined;
    return;
  }
  if (heading.nearMiss) cursor.nearMiss = { line, title: heading.title, fix: heading.fix ?? '' };
  if (cursor.role !== 'step' && heading.level <= 4) cursor.role = 'none';
}

function sectionRole(title: string, level: number, stepLevel: number | undefined): BlockRole | undefined {
  if (stepLevel !== undefined && level > stepLevel) return undefined;
  const lower = title.toLowerCase();
  return SECTION_ROLES.find(([word]) => lower.startsWith(word))?.[1];
}

/** The first 200 characters of a section's prose (SPEC §1.3). */
export function describeSection(section: StepSection): string {
  const prose = section.prose.join(' ').replace(/\s+/g, ' ').trim();
  return prose.length <= 200 ? prose : [...prose.slice(0, 400)].slice(0, 200).join('');
}
