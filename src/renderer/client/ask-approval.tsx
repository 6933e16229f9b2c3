import { SquareCheckBig } from 'lucide-react';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { InputOf } from '../../shared/contract/index.ts';
import { PROJECT_FOLDER } from '../../shared/model/trust.ts';
import { Button } from '../ui/button.tsx';
import { Field, TextArea } from '../ui/field.tsx';
import { FormDialog } from '../ui/form-dialog.tsx';
import { approvalLink } from '../ui/links.ts';
import { useWhyNot } from '../ui/rights.ts';
import { showToast } from '../ui/toasts.tsx';
import { act } from './act.ts';
import { call } from './bridge.ts';
import { useTried } from './use-tried.ts';

type Asked = InputOf<'approvals.request'>['asked'];

interface AskApprovalDialogProps {
  readonly asked: Asked;
  readonly onClose: () => void;
}

/** Asks others to let something happen, with a word why. */
export function AskApprovalDialog({ asked, onClose }: AskApprovalDialogProps) {
  const { t } = useTranslation('approvals');
  const id = useId();
  const navigate = useNavigate();
  const { isBusy, error, attempt } = useTried();
  const [comment, setComment] = useState('');
  const send = async (): Promise<void> => {
    const isDone = await attempt(async () => {
      const { id: request, title } = await call('approvals.request', { asked, comment: comment.trim() });
      showToast(t('ask.done', { title }), {
        label: t('ask.open'),
        onPress: () => void navigate(approvalLink(request)),
      });
    });
    if (isDone) onClose();
  };
  return (
    <FormDialog
      width="28rem"
      title={t('ask.title')}
      description={t(
        `act.does.${asked.kind === 'bundle_trust' && asked.ref === PROJECT_FOLDER ? 'folder_trust' : asked.kind}`,
      )}
      act={t('ask.act')}
      needs="approvals.request"
      isBusy={isBusy}
      refusal={null}
      error={error}
      onClose={onClose}
      onSend={() => void send()}
    >
      <Field id={`${id}-comment`} label={t('ask.comment')} help={t('ask.commentHelp')}>
        <TextArea
          id={`${id}-comment`}
          rows={3}
          maxLength={4000}
          value={comment}
          onChange={(event) => setComment(event.target.value)}
        />
      </Field>
    </FormDialog>
  );
}

/** The way to ask; `asked` is read when the button is pressed. */
export function AskApproval({ asked }: { readonly asked: () => Asked | Promise<Asked> }) {
  const { t } = useTranslation('approvals');
  const [what, setWhat] = useState<Asked | null>(null);
  return (
    <>
      <Button
        needs="approvals.request"
        icon={SquareCheckBig}
        onClick={() => void act(async () => setWhat(await asked()))}
      >
        {t('ask.title')}
      </Button>
      {what === null ? null : <AskApprovalDialog asked={what} onClose={() => setWhat(null)} />}
    </>
  );
}

/** The same for whoever may not do it himself, and may ask. */
export function AskInstead({
  of,
  asked,
}: {
  readonly of: 'triggers.arm' | 'tools.refresh' | 'trust.give';
  readonly asked: () => Asked | Promise<Asked>;
}) {
  const isMissing = useWhyNot(of) !== null;
  const mayAsk = useWhyNot('approvals.request') === null;
  return isMissing && mayAsk ? <AskApproval asked={asked} /> : null;
}
