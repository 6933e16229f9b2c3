import { CircleX, Info, TriangleAlert } from 'lucide-react';
import { useEffect, useMemo } from 'react';
import type { Diagnostic } from '../../shared/model/diagnostic.ts';
import { classNames } from './class-names.ts';
import { lineModes, type Token, tokensOf } from './highlight-markdown.ts';
import { Icon } from './icon.tsx';
import { Said } from './said.tsx';
import { useVirtualRows } from './use-virtual-rows.ts';

interface CodeViewProps {
  /** What it is, for screen readers. */
  readonly label: string;
  readonly text: string;
  readonly diagnostics?: readonly Diagnostic[];
  /** No language of ours: without colours. */
  readonly isPlain?: boolean;
  /** 1-based; scrolled to and marked. `count` makes the same line a new wish. */
  readonly target?: { readonly line: number; readonly count: number } | null;
}

type Row = { readonly is: 'line'; readonly line: number } | { readonly is: 'problem'; readonly diagnostic: Diagnostic };

const NONE: readonly Diagnostic[] = [];
const MARKS = {
  error: { icon: CircleX, tone: 'text-failed' },
  warning: { icon: TriangleAlert, tone: 'text-waiting' },
  notice: { icon: Info, tone: 'text-muted' },
} as const;

const plainToken = (text: string): Token => ({ text, kind: 'plain' });

/** What ends with a line break has no line after it, unless something is said of that one. */
function linesOf(text: string, diagnostics: readonly Diagnostic[]): readonly string[] {
  const lines = text.split(/\r?\n/);
  const isMeant = diagnostics.some(({ line }) => line !== undefined && line >= lines.length);
  return lines.length > 1 && lines.at(-1) === '' && !isMeant ? lines.slice(0, -1) : lines;
}

/** Lines, and below each what is wrong with it. */
function codeRows(lineCount: number, diagnostics: readonly Diagnostic[]): readonly Row[] {
  const byLine = new Map<number, Diagnostic[]>();
  for (const diagnostic of diagnostics) {
    if (diagnostic.line !== undefined)
      byLine.set(diagnostic.line, [...(byLine.get(diagnostic.line) ?? []), diagnostic]);
  }
  const rows: Row[] = [];
  for (let line = 1; line <= lineCount; line += 1) {
    rows.push({ is: 'line', line });
    for (const diagnostic of byLine.get(line) ?? []) rows.push({ is: 'problem', diagnostic });
  }
  return rows;
}

/** A text with line numbers, light colours and its problems inline; only the lines on screen exist. */
export function CodeView({ label, text, diagnostics = NONE, isPlain = false, target = null }: CodeViewProps) {
  const lines = useMemo(() => linesOf(text, diagnostics), [text, diagnostics]);
  const modes = useMemo(() => lineModes(lines), [lines]);
  const rows = useMemo(() => codeRows(lines.length, diagnostics), [lines, diagnostics]);
  const { scrollRef, items, before, after, scrollTo } = useVirtualRows({
    count: rows.length,
    rowHeight: 20,
    overscan: 30,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: scrolls once per wish, not when rows change
  useEffect(() => {
    if (target !== null) scrollTo(rows.findIndex((row) => row.is === 'line' && row.line === target.line));
  }, [target]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scroll region must be reachable by keyboard
    <section ref={scrollRef} className="code-view" tabIndex={0} aria-label={label}>
      <div style={{ height: before }} />
      {items.map((item) => {
        const row = rows[item.index];
        if (row === undefined) return null;
        if (row.is === 'problem') return <Problem key={item.key} diagnostic={row.diagnostic} />;
        const content = lines[row.line - 1] ?? '';
        return (
          <div key={item.key} className={classNames('l', target?.line === row.line && 'at')}>
            <span className="ln">{row.line}</span>
            <span>
              {(isPlain ? [plainToken(content)] : tokensOf(content, modes[row.line - 1] ?? 'markdown')).map(
                (token, index) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: the tokens of a line have no other identity
                  <span key={index} className={token.kind === 'plain' ? undefined : `t-${token.kind}`}>
                    {token.text}
                  </span>
                ),
              )}
            </span>
          </div>
        );
      })}
      <div style={{ height: after }} />
    </section>
  );
}

function Problem({ diagnostic }: { readonly diagnostic: Diagnostic }) {
  const mark = MARKS[diagnostic.severity];
  return (
    <div className={classNames('problem', mark.tone)}>
      <span className="self-center">
        <Icon of={mark.icon} small />
      </span>
      <Said text={diagnostic.message} />
    </div>
  );
}
