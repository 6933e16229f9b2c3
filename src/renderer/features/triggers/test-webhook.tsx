import { CircleCheck } from 'lucide-react';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { WebhookEndpoint, WebhookTestResult } from '../../../shared/contract/index.ts';
import { call } from '../../client/bridge.ts';
import { useTried } from '../../client/use-tried.ts';
import { Field, TextArea, TextInput } from '../../ui/field.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { runLink } from '../../ui/links.ts';
import { Note } from '../../ui/notes.tsx';

const BODY_CHARS = 1024 * 1024;

/** A delivery of one's own: it is signed and sent as a sender would do it, and what it starts is really started. */
export function TestWebhook({ webhook, onClose }: { readonly webhook: WebhookEndpoint; readonly onClose: () => void }) {
  const { t } = useTranslation('webhook');
  const id = useId();
  const { isBusy, error, attempt } = useTried();
  const [event, setEvent] = useState(webhook.events.find((name) => !name.includes('*'))?.split('.')[0] ?? '');
  const [body, setBody] = useState('{}');
  const [answer, setAnswer] = useState<WebhookTestResult | null>(null);
  const send = (): Promise<boolean> =>
    attempt(async () => {
      const named = event.trim() === '' ? {} : { event: event.trim() };
      setAnswer(null);
      setAnswer(await call('webhooks.test', { path: webhook.path, body, ...named }));
    });
  return (
    <FormDialog
      title={t('test.title', { path: webhook.path })}
      description={t('test.text', { workflow: webhook.workflowName })}
      act={t('test.act')}
      needs="webhooks.test"
      isBusy={isBusy}
      refusal={null}
      error={error}
      onClose={onClose}
      onSend={() => void send()}
    >
      <Field id={`${id}-event`} label={t('test.event')} note={t('test.optional')} help={t('test.eventHelp')}>
        <TextInput
          id={`${id}-event`}
          className="mono"
          value={event}
          maxLength={200}
          aria-describedby={`${id}-event-help`}
          onChange={({ target }) => setEvent(target.value)}
        />
      </Field>
      <Field id={`${id}-body`} label={t('test.body')}>
        <TextArea
          id={`${id}-body`}
          className="mono"
          rows={8}
          value={body}
          maxLength={BODY_CHARS}
          onChange={({ target }) => setBody(target.value)}
        />
      </Field>
      {answer === null ? null : <Answer answer={answer} />}
    </FormDialog>
  );
}

/** What a sender would have been told, and the run that it started. */
function Answer({ answer: { status, body } }: { readonly answer: WebhookTestResult }) {
  const { t } = useTranslation('webhook');
  const runId = runOf(body);
  return (
    <Note {...(status < 400 ? { icon: CircleCheck } : { tone: 'failed' })} role="status">
      <b className="strong">{t('test.answered', { status: String(status) })}</b>
      <p className="mono sm whitespace-pre-wrap break-all">{body}</p>
      {runId === null ? null : <Link to={runLink(runId)}>{t('test.run')}</Link>}
    </Note>
  );
}

function runOf(body: string): string | null {
  try {
    const { result } = JSON.parse(body) as { readonly result?: { readonly run_id?: unknown } };
    return typeof result?.run_id === 'string' ? result.run_id : null;
  } catch {
    return null;
  }
}
