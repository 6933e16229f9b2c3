import { Copy, Send } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { WebhookEndpoint, WebhookList } from '../../../shared/contract/index.ts';
import { copyText } from '../../client/copy-text.ts';
import { webhookList } from '../../client/trigger-queries.ts';
import { useQuery } from '../../client/use-query.ts';
import { Button } from '../../ui/button.tsx';
import { Note } from '../../ui/notes.tsx';
import { Said } from '../../ui/said.tsx';
import { TestWebhook } from './test-webhook.tsx';

/** How senders reach a webhook and sign, and a delivery to try it with. */
export function WebhookFacts({ trigger }: { readonly trigger: string }) {
  const { t } = useTranslation('webhook');
  useEffect(() => webhookList.open(null), []);
  const [isTesting, setIsTesting] = useState(false);
  const list = useQuery(webhookList).value;
  const webhook = list?.endpoints.find(({ key }) => key === trigger);
  if (list === null || webhook === undefined) return null;
  return (
    <>
      <h2 className="mt-4 mb-2">{t('title')}</h2>
      <dl className="kv">
        <dt>{t('url')}</dt>
        <dd>
          <WebhookUrl webhook={webhook} list={list} />
        </dd>
        <dt>{t('signed')}</dt>
        <dd>
          <SignedBy webhook={webhook} />
        </dd>
      </dl>
      {webhook.warnings.map((warning) => (
        <Note key={warning} tone="waiting" className="mt-2">
          <Said text={warning} />
        </Note>
      ))}
      <div className="row mt-2">
        <Button
          needs="webhooks.test"
          icon={Send}
          reason={webhook.url === null ? t('test.notReached') : null}
          onClick={() => setIsTesting(true)}
        >
          {t('test.open')}
        </Button>
      </div>
      {isTesting ? <TestWebhook webhook={webhook} onClose={() => setIsTesting(false)} /> : null}
    </>
  );
}

/** The address that a sender is told, or why there is none. */
export function WebhookUrl({ webhook, list }: { readonly webhook: WebhookEndpoint; readonly list: WebhookList }) {
  const { t } = useTranslation('webhook');
  const { url, path, methods, reason } = webhook;
  const copy = (text: string): void => void copyText(text, t('copied'));
  if (url !== null)
    return (
      <span className="row">
        <span className="mono sm cut" title={url}>
          {methods.join(', ')} {url}
        </span>
        <Button variant="ghost" icon={Copy} label={t('copy', { path })} onClick={() => copy(url)} />
      </span>
    );
  const { listening, isHosting } = list;
  const why = reason ?? (listening?.kind === 'failed' ? listening.message : t(isHosting ? 'notYet' : 'nobody'));
  return (
    <span className="muted sm">
      <span className="mono">{path}</span> <Said text={why} />
    </span>
  );
}

/** The scheme and the names of the secrets, never a value. */
export function SignedBy({ webhook: { scheme, secrets, isInsecure } }: { readonly webhook: WebhookEndpoint }) {
  const { t } = useTranslation('webhook');
  if (secrets.length === 0) return <span className="st-waiting">{t(isInsecure ? 'insecure' : 'noSecret')}</span>;
  return (
    <>
      {t(`scheme.${scheme}`)} <span className="mono sm muted">{secrets.join(', ')}</span>
    </>
  );
}
