import { FALSE_SPACE_FIX, FALSE_SPACES, falseSpaceName } from '../../shared/false-space.ts';
import type { MarkdownBlock } from './markdown-blocks.ts';
import type { DiagnosticSink } from './reporter.ts';

/** A fence, the heading of a step or a line of the frontmatter that Markdown does not see for what it is. */
const UNSEEN: readonly (readonly [RegExp, string])[] = [
  [new RegExp(`^[ \\t>]*([${FALSE_SPACES}])[\\s>${FALSE_SPACES}]*(?:\`{3,}|~{3,})`), 'before a fence'],
  [new RegExp(`^#{2,4}\\s*([${FALSE_SPACES}])[\\s${FALSE_SPACES}]*(?:Step|\\d)`), 'before the words of a heading'],
  [new RegExp(`^([${FALSE_SPACES}])[\\s${FALSE_SPACES}]*#{2,4}\\s*(?:Step|\\d)`), 'before a heading'],
];
const FRONT_MARK = new RegExp(
  `^(?:([${FALSE_SPACES}])[\\s${FALSE_SPACES}]*---|---[ \\t]*([${FALSE_SPACES}]))[\\s${FALSE_SPACES}]*$`,
);
const ANY = new RegExp(`[${FALSE_SPACES}]`);

/** Reports white space that only looks like it where it hides a fence, a heading or the frontmatter (SPEC §1.10). The body begins at index `from`. */
export function checkFalseSpaces(
  lines: readonly string[],
  { from, blocks }: { readonly from: number; readonly blocks: readonly MarkdownBlock[] },
  sink: DiagnosticSink,
): void {
  const add = (char: string, where: string, line: number): void =>
    sink.add({
      ...{ severity: 'error', code: 'workflow.false_space', line, column: (lines[line - 1] ?? '').indexOf(char) + 1 },
      ...{
        message: `${falseSpaceName(char) ?? ''} ${where} is no space, it only looks like one`,
        fix: FALSE_SPACE_FIX,
      },
    });
  const front = from === 0 ? FRONT_MARK.exec(lines[0] ?? '') : null;
  if (front !== null) add(front[1] ?? front[2] ?? '', 'in the line that opens the frontmatter', 1);
  const inFence = new Set(
    blocks.flatMap((block) =>
      block.kind === 'fence'
        ? Array.from({ length: block.content.split('\n').length }, (_, at) => block.contentLine + at)
        : [],
    ),
  );
  for (const [index, text] of lines.entries()) {
    if (index < from || !ANY.test(text) || inFence.has(index + 1)) continue;
    for (const [pattern, where] of UNSEEN) {
      const char = pattern.exec(text)?.[1];
      if (char !== undefined) add(char, where, index + 1);
    }
  }
}
