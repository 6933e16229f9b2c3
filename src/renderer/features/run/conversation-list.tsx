import { ArrowDown } from 'lucide-react';
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { StepState } from '../../../shared/model/run.ts';
import { Button } from '../../ui/button.tsx';
import { useVirtualRows } from '../../ui/use-virtual-rows.ts';
import type { Conversation, ConversationRow } from './conversation.ts';
import { ConversationBlock, SectionHead } from './conversation-block.tsx';

interface ConversationListProps {
  readonly conversation: Conversation;
  readonly rows: readonly ConversationRow[];
  readonly states: ReadonlyMap<string, StepState>;
  /** Block key -> path of the child step that carried the call out. */
  readonly links: ReadonlyMap<number, string>;
  readonly isFollowing: boolean;
  readonly onFollow: (isFollowing: boolean) => void;
}

/** After a wheel, key or touch of a person the next scrolls are that person's, not the list's own. */
const PERSON_MS = 400;
const NEAR_END_PX = 4;

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
  const movedAt = useRef(0);
  const heldAt = useRef(0);
  const place = useRef({ top: 0, height: 0 });
  const [seen, setSeen] = useState(conversation.read);
  const sheetRef = useRef<HTMLDivElement>(null);

  const toEnd = useCallback((): void => {
    const box = scrollRef.current;
    if (box !== null) box.scrollTop = box.scrollHeight;
  }, [scrollRef]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: whatever grows, the end stays in view while following
  useLayoutEffect(() => {
    if (isFollowing) toEnd();
  }, [isFollowing, totalHeight, conversation, toEnd]);
  useEffect(() => {
    if (isFollowing) setSeen(conversation.read);
  }, [isFollowing, conversation.read]);
  useEffect(() => {
    const sheet = sheetRef.current;
    if (!isFollowing || sheet === null) return;
    const observer = new ResizeObserver(toEnd);
    observer.observe(sheet);
    return () => observer.disconnect();
  }, [isFollowing, toEnd]);

  const byPerson = (): void => {
    movedAt.current = Date.now();
  };
  const byHand = (): void => {
    byPerson();
    heldAt.current = Date.now();
  };
  const onScroll = (): void => {
    const box = scrollRef.current;
    if (box === null) return;
    const before = place.current;
    place.current = { top: box.scrollTop, height: box.scrollHeight };
    if (Date.now() - movedAt.current > PERSON_MS) return;
    const isAtEnd = box.scrollHeight - box.scrollTop - box.clientHeight <= NEAR_END_PX;
    // Rows that come and are measured move the end and the view with it. Wheel and keys have said where they go; a hand at the
    // scroll bar or on the glass is seen by where it went.
    const isDragged = Date.now() - heldAt.current <= PERSON_MS;
    const hasGoneUp = box.scrollTop < before.top && box.scrollHeight >= before.height;
    if (isAtEnd && !isFollowing) onFollow(true);
    else if (isFollowing && !isAtEnd && isDragged && hasGoneUp) onFollow(false);
  };
  const onKeyDown = (event: React.KeyboardEvent): void => {
    if (event.target !== event.currentTarget) return;
    byPerson();
    if (event.key === 'End') onFollow(true);
    else if (event.key === 'Home' || event.key === 'PageUp' || event.key === 'ArrowUp') onFollow(false);
  };
  const missed = isFollowing ? 0 : Math.max(0, conversation.read - seen);
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
        onWheel={(event) => {
          byPerson();
          if (event.deltaY < 0) onFollow(false);
        }}
        onPointerDown={byHand}
        onPointerMove={(event) => (event.buttons === 0 ? undefined : byHand())}
        onTouchMove={byHand}
        onKeyDown={onKeyDown}
        onScroll={onScroll}
      >
        <div ref={sheetRef}>
          <div style={{ height: before }} />
          {items.map((item) => {
            const row = rows[item.index];
            if (row === undefined) return null;
            return (
              <div key={row.key} data-index={item.index} ref={measureRef}>
                {row.kind === 'head' ? (
                  <SectionHead section={row.section} state={states.get(row.section.path) ?? null} />
                ) : (
                  <ConversationBlock
                    block={row.block}
                    section={row.section}
                    isLast={row.block === row.section.blocks.at(-1)}
                    isLive={isAttemptLive(states.get(row.section.path), row.section.attempt)}
                    childPath={links.get(row.block.key) ?? null}
                    isOpen={open.isOpen(row.key)}
                    onOpen={(isOpen) => open.set(row.key, isOpen)}
                  />
                )}
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
