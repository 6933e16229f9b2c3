import { ArrowDown } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { StepState } from '../../../shared/model/run.ts';
import { Button } from '../../ui/button.tsx';
import { useVirtualRows } from '../../ui/use-virtual-rows.ts';
import type { Conversation, ConversationRow } from './conversation.ts';
import { ConversationBlock, SectionHead } from './conversation-block.tsx';
import { useFollow } from './use-follow.ts';

interface ConversationListProps {
  readonly conversation: Conversation;
  readonly rows: readonly ConversationRow[];
  readonly states: ReadonlyMap<string, StepState>;
  /** Block key -> path of the child step that carried the call out. */
  readonly links: ReadonlyMap<number, string>;
  readonly isFollowing: boolean;
  readonly onFollow: (isFollowing: boolean) => void;
}

/** Lines of any number and height. Only a person moves the view away from the end, and only a person brings it back. */
export function ConversationList({ conversation, rows, states, links, isFollowing, onFollow }: ConversationListProps) {
  const { t } = useTranslation('run');
  const view = useVirtualRows({
    count: rows.length,
    rowHeight: 64,
    overscan: 6,
    keyOf: (index) => rows[index]?.key ?? String(index),
  });
  const { scrollRef, items, before, after, totalHeight, measureRef } = view;
  const open = useOpenParts();
  const sheetRef = useRef<HTMLDivElement>(null);
  const stamp = `${totalHeight} ${conversation.read}`;
  const { toEnd, handlers } = useFollow({ boxRef: scrollRef, sheetRef, stamp, isFollowing, onFollow });
  const missed = useMissed(conversation.read, isFollowing);
  return (
    <div className="talk-box">
      {/* biome-ignore lint/a11y/useSemanticElements: a region without a heading of its own */}
      <div
        className="talk"
        ref={scrollRef}
        role="region"
        aria-label={t('talk.name')}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region must be reachable by keyboard
        tabIndex={0}
        {...handlers}
      >
        <div ref={sheetRef}>
          <div style={{ height: before }} />
          {items.map(({ index }) => {
            const row = rows[index];
            if (row === undefined) return null;
            return (
              <div key={row.key} data-index={index} ref={measureRef}>
                <TalkRow row={row} states={states} links={links} open={open} />
              </div>
            );
          })}
          <div style={{ height: after }} />
        </div>
      </div>
      {missed === 0 ? null : (
        <Button
          className="log-note"
          icon={ArrowDown}
          onClick={() => {
            onFollow(true);
            toEnd();
          }}
        >
          {t('talk.newer', { count: missed })}
        </Button>
      )}
    </div>
  );
}

interface TalkRowProps extends Pick<ConversationListProps, 'states' | 'links'> {
  readonly row: ConversationRow;
  readonly open: ReturnType<typeof useOpenParts>;
}

function TalkRow({ row, states, links, open }: TalkRowProps) {
  const { section } = row;
  const state = states.get(section.path);
  if (row.kind === 'head') return <SectionHead section={section} state={state ?? null} />;
  return (
    <ConversationBlock
      block={row.block}
      section={section}
      isLast={row.block === section.blocks.at(-1)}
      isLive={isAttemptLive(state, section.attempt)}
      childPath={links.get(row.block.key) ?? null}
      isOpen={open.isOpen(row.key)}
      onOpen={(isOpen) => open.set(row.key, isOpen)}
    />
  );
}

/** How many entries came since somebody left the end. */
function useMissed(read: number, isFollowing: boolean): number {
  const [seen, setSeen] = useState(read);
  useEffect(() => {
    if (isFollowing) setSeen(read);
  }, [isFollowing, read]);
  return isFollowing ? 0 : Math.max(0, read - seen);
}

/** While the step is still in this attempt, what has no end may still get one. */
const isAttemptLive = (state: StepState | undefined, attempt: number): boolean =>
  state !== undefined && state.attempt === attempt && (state.status === 'running' || state.status === 'waiting');

/** What a person opened stays open when it scrolls away and back. */
function useOpenParts() {
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  return {
    isOpen: (key: string): boolean => open.has(key),
    set: (key: string, isOpen: boolean): void =>
      setOpen((before) => {
        const next = new Set(before);
        if (isOpen) next.add(key);
        else next.delete(key);
        return next;
      }),
  };
}
