import {
  type KeyboardEvent,
  type RefObject,
  useCallback,
  useEffect,
  useLayoutEffect,
  useRef,
  type WheelEvent,
} from 'react';

/** After a wheel, key or touch of a person the next scrolls are that person's, not the list's own. */
const PERSON_MS = 400;
const NEAR_END_PX = 4;

interface FollowOptions {
  readonly boxRef: RefObject<HTMLDivElement | null>;
  /** What grows inside the box. */
  readonly sheetRef: RefObject<HTMLDivElement | null>;
  /** Changes with whatever may have grown. */
  readonly stamp: string;
  readonly isFollowing: boolean;
  readonly onFollow: (isFollowing: boolean) => void;
}

/** The end stays in view while following. Only a person leaves it, and only a person brings it back. */
export function useFollow({ boxRef, sheetRef, stamp, isFollowing, onFollow }: FollowOptions) {
  const toEnd = useCallback((): void => {
    const box = boxRef.current;
    if (box !== null) box.scrollTop = box.scrollHeight;
  }, [boxRef]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: whatever grows, the end stays in view while following
  useLayoutEffect(() => {
    if (isFollowing) toEnd();
  }, [isFollowing, stamp, toEnd]);
  useEffect(() => {
    const sheet = sheetRef.current;
    if (!isFollowing || sheet === null) return;
    const observer = new ResizeObserver(toEnd);
    observer.observe(sheet);
    return () => observer.disconnect();
  }, [isFollowing, sheetRef, toEnd]);
  return { toEnd, handlers: usePerson(boxRef, isFollowing, onFollow) };
}

/** Tells what a person does to the box from what the list does by itself. */
function usePerson(
  boxRef: RefObject<HTMLDivElement | null>,
  isFollowing: boolean,
  onFollow: (isFollowing: boolean) => void,
) {
  const movedAt = useRef(0);
  const heldAt = useRef(0);
  const place = useRef({ top: 0, height: 0 });
  const byPerson = (): void => {
    movedAt.current = Date.now();
  };
  const byHand = (): void => {
    byPerson();
    heldAt.current = Date.now();
  };
  const onScroll = (): void => {
    const box = boxRef.current;
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
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.target !== event.currentTarget) return;
    byPerson();
    if (event.key === 'End') onFollow(true);
    else if (event.key === 'Home' || event.key === 'PageUp' || event.key === 'ArrowUp') onFollow(false);
  };
  const onWheel = ({ deltaY }: WheelEvent): void => {
    byPerson();
    if (deltaY < 0) onFollow(false);
  };
  const onPointerMove = ({ buttons }: { readonly buttons: number }): void => (buttons === 0 ? undefined : byHand());
  return { onScroll, onKeyDown, onWheel, onPointerDown: byHand, onPointerMove, onTouchMove: byHand };
}
