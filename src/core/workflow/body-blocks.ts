import { type YamlBudget, type YamlNode, yamlSource } from '../yaml/index.ts';
import { isExampleFence } from './markdown-blocks.ts';
import { createReporter, createSink, type DiagnosticSink, type Reporter } from './reporter.ts';
import type { PlacedBlock } from './sections.ts';
import { hasKindKey } from './step-kind.ts';
import { readYamlBlock } from './yaml-block.ts';

/** A YAML block of the body after parsing. */
export interface ReadBlock {
  readonly placed: PlacedBlock;
  readonly node: YamlNode;
  readonly report: Reporter;
  /** Takes what follows from a YAML error and would only confuse. */
  readonly silent: Reporter;
  readonly broken: boolean;
  /** Its YAML has an error and its text says that it is a step. */
  readonly brokenStep: boolean;
}

interface BlockFile {
  readonly lines: readonly string[];
  readonly sink: DiagnosticSink;
  readonly budget: YamlBudget;
}

const KIND_LINE =
  /^[ \t]*(?:-[ \t]+)?["']?(?:action|for_each|parallel|if|switch|while|try|workflow|wait|approval|transaction|savepoint|rollback_to)["']?[ \t]*:/m;

/**
 * Parses every YAML block once. Blocks tagged `yaml example` are left out; where the file has used up what it may cost,
 * the rest is not read (the block that went over says so).
 */
export function readPlacedBlocks(blocks: readonly PlacedBlock[], file: BlockFile): readonly ReadBlock[] {
  const found: ReadBlock[] = [];
  for (const placed of blocks) {
    if (file.budget.tokens < 0) break;
    if (!isExampleFence(placed.fence)) found.push(readBlock(placed, file));
  }
  return found;
}

function readBlock(placed: PlacedBlock, { lines, sink, budget }: BlockFile): ReadBlock {
  const { fence, section } = placed;
  const source = yamlSource(fence.content, { file: sink.file, firstLine: fence.contentLine, fileLines: lines });
  const plain = createReporter(sink, source);
  const report = section === undefined ? plain : plain.forStep(section.heading.id);
  if (!fence.closed) {
    const message = 'This block is never closed: everything below it belongs to it';
    report.error(
      'workflow.unclosed_block',
      message,
      { line: fence.line, column: 1 },
      'Close the block: below its last line, repeat the marks that it begins with.',
    );
  }
  const { node, broken } = readYamlBlock(report, budget, 'Invalid YAML');
  const brokenStep = broken && (KIND_LINE.test(fence.content) || (node.kind === 'map' && hasKindKey(node)));
  return { placed, node, report: plain, silent: createReporter(createSink(sink.file), source), broken, brokenStep };
}

/** Whether a block has a kind key. */
export function hasKind(block: ReadBlock): boolean {
  return block.node.kind === 'map' && hasKindKey(block.node);
}
