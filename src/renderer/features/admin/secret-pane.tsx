import { CalendarClock, Ellipsis, KeyRound, ShieldCheck, Trash2, X } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SecretInfo } from '../../../shared/model/secret.ts';
import { call } from '../../client/bridge.ts';
import { OneFieldDialog } from '../../client/one-field-dialog.tsx';
import { Button } from '../../ui/button.tsx';
import { formatClock } from '../../ui/format.ts';
import { Icon } from '../../ui/icon.tsx';
import { Menu, MenuItem } from '../../ui/menu.tsx';
import { ErrorNote, Note } from '../../ui/notes.tsx';
import { TimeAgo } from '../../ui/time.tsx';
import { showToast } from '../../ui/toasts.tsx';
import { ReplaceValueDialog } from './secret-dialog.tsx';
import { SecretGrants } from './secret-grants.tsx';
import { testSecret, useSecretTest } from './secret-tests.ts';
import { Expiry } from './secrets-columns.tsx';

interface SecretPaneProps {
  readonly secret: SecretInfo;
  readonly onClose: () => void;
}

/** All about one secret but its value, and what can be done with it. */
export function SecretPane({ secret, onClose }: SecretPaneProps) {
  const { t } = useTranslation('secrets');
  const [asking, setAsking] = useState<'replace' | 'remove' | null>(null);
  const { name, description, expiry, createdAt, rotatedAt, lastUsedAt, tags } = secret;
  const label = t('pane', { name });
  const ended = (): void => setAsking(null);
  return (
    <aside className="access-pane" aria-label={label}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keys */}
      <section className="scroll" aria-label={label} tabIndex={0}>
        <div className="admin-block">
          <div className="row">
            <h2 className="grow cut mono" title={name}>
              {name}
            </h2>
            <Menu align="end" trigger={<Button variant="ghost" icon={Ellipsis} label={t('more', { name })} />}>
              <MenuItem icon={Trash2} danger needs="secrets.remove" onSelect={() => setAsking('remove')}>
                {t('remove')}
              </MenuItem>
            </Menu>
            <Button variant="ghost" icon={X} label={t('admin:close')} onClick={onClose} />
          </div>
          {description === '' ? null : <p className="muted sm">{description}</p>}
          {expiry === 'soon' || expiry === 'over' ? (
            <Note tone={expiry === 'over' ? 'failed' : 'waiting'} icon={CalendarClock} className="mt-2">
              {t(`note.${expiry}`)}
            </Note>
          ) : null}
          <dl className="kv sm facts-list">
            <dt>{t('expires')}</dt>
            <dd>
              <Expiry secret={secret} />
            </dd>
            <dt>{t('rotated')}</dt>
            <dd>{rotatedAt === null ? t('neverReplaced') : <TimeAgo at={rotatedAt} />}</dd>
            <dt>{t('added')}</dt>
            <dd>
              <TimeAgo at={createdAt} />
            </dd>
            <dt>{t('lastUsed')}</dt>
            <dd>{lastUsedAt === null ? t('neverUsed') : <TimeAgo at={lastUsedAt} />}</dd>
            {tags.length === 0 ? null : (
              <>
                <dt>{t('tags')}</dt>
                <dd>{tags.join(', ')}</dd>
              </>
            )}
          </dl>
        </div>
        <SecretGrants secret={secret} />
        <SecretTest secret={secret} />
      </section>
      <footer className="access-foot">
        <span className="grow sm muted">{t('nextStep')}</span>
        <Button variant="primary" icon={KeyRound} needs="secrets.rotate" onClick={() => setAsking('replace')}>
          {t('replace')}
        </Button>
      </footer>
      {asking === 'replace' ? <ReplaceValueDialog secret={secret} onClose={ended} /> : null}
      {asking === 'remove' ? (
        <OneFieldDialog
          title={t('removeTitle', { name })}
          text={t('removeText')}
          label={t('admin:typeName', { name })}
          help={t('removeHelp', { count: secret.usedBy.length })}
          act={t('remove')}
          needs="secrets.remove"
          isDanger
          field="name"
          refusal={(text) => (text.trim() === name ? null : t('admin:typeName', { name }))}
          onClose={ended}
          onSend={async () => {
            await call('secrets.remove', { name });
            showToast(t('removed', { name }));
            onClose();
          }}
        />
      ) : null}
    </aside>
  );
}

/** Whether it opens, and the way to try. */
function SecretTest({ secret }: { readonly secret: SecretInfo }) {
  const { t } = useTranslation('secrets');
  const { isBusy, test } = useSecretTest(secret);
  return (
    <section className="admin-block sep" aria-labelledby="secret-test">
      <h3 id="secret-test">{t('testTitle')}</h3>
      <div className="row">
        <Button
          icon={ShieldCheck}
          needs="secrets.test"
          reason={isBusy ? t('everywhere:busy') : null}
          onClick={() => void testSecret(secret)}
        >
          {t('test')}
        </Button>
        <span role="status">
          {test === null || test.error !== null || isBusy ? null : (
            <span className="status st-success">
              <Icon of={ShieldCheck} />
              {t('opens', { at: formatClock(test.at) })}
            </span>
          )}
        </span>
      </div>
      {test === null || test.error === null || isBusy ? (
        <p className="sm muted mt-2">{t('testText')}</p>
      ) : (
        <ErrorNote error={test.error} className="mt-2" />
      )}
    </section>
  );
}
