import { Check, Undo2, X } from 'lucide-react';
import { useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ApprovalDetail } from '../../../shared/contract/index.ts';
import { Button } from '../button.tsx';
import { useCutOff } from '../cut-off.ts';
import { FieldHelp, TextArea } from '../field.tsx';
import { KeyHint } from '../key-hint.tsx';
import { isTyping } from '../keyboard.ts';
import { ariaKeys, isShortcut, shortcutText } from '../shortcuts.ts';
import { worded } from '../worded.ts';
import './approval.css';

/** What somebody says about a request. */
export type Decision = 'approve' | 'reject' | 'revise';

/** Whether whoever sees it has an answer to give. */
export const mayAnswer = ({ actions: { decide, reject } }: Pick<ApprovalDetail, 'actions'>): boolean =>
  decide.enabled || reject.enabled;

interface DecisionBarProps {
  readonly actions: ApprovalDetail['actions'];
  readonly isBusy: boolean;
  readonly comment: string;
  readonly onComment: (comment: string) => void;
  readonly onDecide: (decision: Decision) => void;
  /** On its screen the keys a and r lead here. */
  readonly hasKeys?: boolean;
  /** Further buttons behind the others. */
  readonly children?: React.ReactNode;
}

/** The comment, and the answers. A rejection and a way back need words; the keys only lead to the comment: what is sent is said with Ctrl and Enter. */
export function DecisionBar(props: DecisionBarProps) {
  const { actions, isBusy, comment, onComment, onDecide, hasKeys = false } = props;
  const { t } = useTranslation('approvals');
  const id = useId();
  const field = useRef<HTMLDivElement>(null);
  const [meant, setMeant] = useState<Decision | null>(null);
  const isCutOff = useCutOff() !== null;
  const [isMissing, setIsMissing] = useState(false);
  const cameFrom = useRef<Element | null>(null);
  const focusComment = (): void => {
    cameFrom.current = document.activeElement;
    field.current?.querySelector('textarea')?.focus();
  };
  const decide = (decision: Decision): void => {
    setMeant(decision);
    if (!actions[decision === 'approve' ? 'decide' : decision].enabled) return;
    const lacksWords = decision !== 'approve' && comment.trim() === '';
    setIsMissing(lacksWords);
    if (lacksWords) focusComment();
    else if (!isBusy && !isCutOff) onDecide(decision);
  };
  useDecisionKeys(hasKeys, (decision) => {
    setMeant(decision);
    setIsMissing(false);
    focusComment();
  });
  const onKeyDown = (event: React.KeyboardEvent): void => {
    if (isShortcut('run', event) && meant !== null) {
      event.preventDefault();
      decide(meant);
    } else if (event.key === 'Escape') {
      event.preventDefault();
      setMeant(null);
      setIsMissing(false);
      if (cameFrom.current instanceof HTMLElement) cameFrom.current.focus();
    }
  };
  const keys = (of: string) => (hasKeys ? <KeyHint keys={of} /> : null);
  const help = meant === null ? null : t(`decide.send.${meant}`, { keys: shortcutText('run') });
  const { revise } = actions;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would bring its own frame and legend
    <div className="decide" role="group" aria-label={t('decide.name')} ref={field}>
      <TextArea
        id={id}
        rows={1}
        value={comment}
        maxLength={4000}
        isBad={isMissing}
        aria-label={t('decide.comment')}
        aria-describedby={help === null ? undefined : `${id}-help`}
        placeholder={t('decide.placeholder')}
        onChange={(event) => onComment(event.target.value)}
        onKeyDown={onKeyDown}
      />
      <div className="decide-acts">
        <Button
          needs="approvals.revise"
          icon={Undo2}
          {...offReason(revise, `${id}-${actions.decide.enabled ? 'revise' : 'approve'}`)}
          onClick={() => decide('revise')}
        >
          {t('decide.revise')}
        </Button>
        <Button
          variant="danger"
          needs="approvals.reject"
          icon={X}
          aria-keyshortcuts={ariaKeys('reject')}
          {...offReason(actions.reject, `${id}-reject`)}
          onClick={() => decide('reject')}
        >
          {t('decide.reject')} {keys(shortcutText('reject').toUpperCase())}
        </Button>
        <Button
          variant="primary"
          needs="approvals.approve"
          icon={Check}
          aria-keyshortcuts={ariaKeys('approve')}
          {...offReason(actions.decide, `${id}-approve`)}
          onClick={() => decide('approve')}
        >
          {t('decide.approve')} {keys(shortcutText('approve').toUpperCase())}
        </Button>
        {props.children}
      </div>
      <div className="decide-help sm">
        <FieldHelp id={id} help={help} error={isMissing ? t(`decide.missing.${meant ?? 'reject'}`) : null} />
        {actions.decide.enabled ? null : (
          <p className="muted" id={`${id}-approve`}>
            {t('decide.notApproved', { reason: worded(actions.decide.reason) })}
          </p>
        )}
        {actions.reject.enabled ? null : (
          <p className="muted" id={`${id}-reject`}>
            {t('decide.notRejected', { reason: worded(actions.reject.reason) })}
          </p>
        )}
        {revise.enabled || !actions.decide.enabled ? null : (
          <p className="muted" id={`${id}-revise`}>
            {t('decide.notRevised', { reason: worded(revise.reason) })}
          </p>
        )}
      </div>
    </div>
  );
}

const offReason = (availability: ApprovalDetail['actions']['revise'], reasonId: string) =>
  availability.enabled ? {} : { reasonId };

/** Keys of the screen, wherever nobody types and nothing stands open above it. */
function useDecisionKeys(isOn: boolean, onKey: (decision: Decision) => void): void {
  const latest = useRef(onKey);
  latest.current = onKey;
  useEffect(() => {
    if (!isOn) return undefined;
    const take = (event: KeyboardEvent): void => {
      const decision = isShortcut('approve', event) ? 'approve' : isShortcut('reject', event) ? 'reject' : undefined;
      if (decision === undefined || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      if (isTyping(event.target) || document.querySelector('[role="dialog"], [role="menu"]') !== null) return;
      event.preventDefault();
      latest.current(decision);
    };
    document.addEventListener('keydown', take);
    return () => document.removeEventListener('keydown', take);
  }, [isOn]);
}
