import { useEffect, useRef, useState } from 'react';
import type { WorkflowDetail, WorkflowDraft } from '../../../../shared/contract/index.ts';
import { AppError } from '../../../../shared/errors.ts';
import { act } from '../../../client/act.ts';
import { call } from '../../../client/bridge.ts';
import { shownWorkflow } from '../workflow-store.ts';
import { DraftKeeper, type KeptState } from './draft-keeper.ts';

interface Base {
  readonly source: string;
  readonly hash: string;
}

/** The text that somebody edits, what it was made from, and what can be done with it. */
export interface EditedDraft {
  readonly text: string;
  readonly kept: KeptState;
  /** It is another text than the published one. */
  readonly isChanged: boolean;
  /** The published text is not the one that this was made from. */
  readonly isOvertaken: boolean;
  readonly isPublishing: boolean;
  readonly change: (text: string) => void;
  readonly publish: () => Promise<void>;
  /** Ends the draft: the published text is the text. */
  readonly discard: () => Promise<void>;
  /** What was published meanwhile will be replaced. */
  readonly keepMine: () => void;
}

/** Keeps and publishes a draft; `show` puts a text into the editor. */
export function useDraft(
  detail: WorkflowDetail,
  draft: WorkflowDraft | null,
  show: (text: string) => void,
): EditedDraft {
  const { source, sourceHash } = detail;
  const { ref } = detail.entry;
  const [text, setText] = useState(draft?.source ?? source);
  const [base, setBase] = useState<Base>({ source, hash: draft?.baseHash ?? sourceHash });
  const [kept, setKept] = useState<KeptState>(draft === null ? { is: 'published' } : { is: 'kept', at: draft.savedAt });
  const [isPublishing, setIsPublishing] = useState(false);
  /** What was published before, while the screen still has to hear of the new text. */
  const [replaced, setReplaced] = useState<string | null>(null);
  const [keeper] = useState(() => new DraftKeeper({ ref, base, draft, call, onState: setKept }));
  const newest = useRef(text);
  useEffect(() => () => void keeper.flush(), [keeper]);

  const rebase = (next: Base, isGone: boolean): void => {
    keeper.rebase(next, isGone);
    setBase(next);
  };
  const isNews = sourceHash !== base.hash && sourceHash !== replaced;
  const isClean = text === base.source && kept.is === 'published';
  // biome-ignore lint/correctness/useExhaustiveDependencies: another published text is the news, not the text that is typed
  useEffect(() => {
    if (!isNews || !isClean) return;
    rebase({ source, hash: sourceHash }, true);
    setText(source);
    newest.current = source;
    show(source);
  }, [sourceHash]);

  const change = (next: string): void => {
    if (next === newest.current) return;
    newest.current = next;
    setText(next);
    keeper.change(next);
  };
  const publish = async (): Promise<void> => {
    setIsPublishing(true);
    await keeper.flush();
    const published = newest.current;
    await act(async () => {
      try {
        const answer = await call('workflows.publish', { ref, source: published, baseHash: base.hash });
        setReplaced(sourceHash);
        rebase({ source: published, hash: answer.sourceHash }, true);
        if (newest.current !== published) keeper.change(newest.current);
      } catch (thrown) {
        if (thrown instanceof AppError && thrown.code === 'workflow.changed') {
          setReplaced(null);
          await shownWorkflow.refresh();
        }
        throw thrown;
      }
    });
    setIsPublishing(false);
  };
  const discard = async (): Promise<void> => {
    await keeper.flush();
    await act(async () => {
      await call('drafts.discard', { ref });
      rebase({ source, hash: sourceHash }, true);
      newest.current = source;
      setText(source);
      show(source);
    });
  };
  const keepMine = (): void => {
    rebase({ source, hash: sourceHash }, false);
    keeper.change(newest.current);
  };
  return {
    text,
    kept,
    isChanged: text !== base.source || kept.is !== 'published',
    isOvertaken: isNews && !isClean && text !== source,
    isPublishing,
    change,
    publish,
    discard,
    keepMine,
  };
}
