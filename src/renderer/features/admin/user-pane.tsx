import { Ban, Ellipsis, KeyRound, Mail, Power, Trash2, X } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { User } from '../../../shared/model/access.ts';
import { act } from '../../client/act.ts';
import { call } from '../../client/bridge.ts';
import { OneFieldDialog, PASSWORD_MIN } from '../../client/one-field-dialog.tsx';
import { myRights } from '../../client/rights.ts';
import { useQuery } from '../../client/use-query.ts';
import { useTried } from '../../client/use-tried.ts';
import { Button } from '../../ui/button.tsx';
import { Checkbox } from '../../ui/checkbox.tsx';
import { errorText } from '../../ui/error-hint.ts';
import { FieldHelp } from '../../ui/field.tsx';
import { Menu, MenuItem } from '../../ui/menu.tsx';
import { TimeAgo } from '../../ui/time.tsx';
import { showToast } from '../../ui/toasts.tsx';
import { type AccessNow, lastSeen } from './access-store.ts';
import { UserSessions } from './user-sessions.tsx';
import { OffMark } from './user-side.tsx';
import { UserTokens } from './user-tokens.tsx';

interface UserPaneProps {
  readonly user: User;
  readonly now: AccessNow;
  readonly onClose: () => void;
}

type Asking = 'password' | 'email' | 'remove' | null;

/** All about one user: what he may do, by what he comes in, and what can be done with him. */
export function UserPane({ user, now, onClose }: UserPaneProps) {
  const { t } = useTranslation('admin');
  const [asking, setAsking] = useState<Asking>(null);
  const { username } = user;
  const seen = lastSeen(user, now);
  const isMe = useQuery(myRights).value?.user.id === user.id;
  return (
    <aside className="access-pane" aria-label={t('users.pane', { name: username })}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keys */}
      <section className="scroll" aria-label={t('users.pane', { name: username })} tabIndex={0}>
        <div className="admin-block">
          <div className="row">
            <h2 className="grow cut" title={username}>
              {username}
            </h2>
            {user.isActive ? null : <OffMark pill />}
            <Menu
              align="end"
              trigger={<Button variant="ghost" icon={Ellipsis} label={t('users.more', { name: username })} />}
            >
              <MenuItem icon={KeyRound} needs="users.setPassword" onSelect={() => setAsking('password')}>
                {t(user.hasPassword ? 'password.change' : 'password.set')}
              </MenuItem>
              <MenuItem icon={Mail} needs="users.edit" onSelect={() => setAsking('email')}>
                {t('users.changeEmail')}
              </MenuItem>
              <MenuItem icon={Trash2} danger needs="users.remove" onSelect={() => setAsking('remove')}>
                {t('users.remove')}
              </MenuItem>
            </Menu>
            <Button variant="ghost" icon={X} label={t('close')} onClick={onClose} />
          </div>
          {user.email === null ? null : <p className="muted sm cut">{user.email}</p>}
          <dl className="kv sm facts-list">
            <dt>{t('users.seen')}</dt>
            <dd>{seen === null ? t(isMe ? 'users.seenNow' : 'users.neverSeen') : <TimeAgo at={seen} />}</dd>
            <dt>{t('users.since')}</dt>
            <dd>
              <TimeAgo at={user.createdAt} />
            </dd>
            <dt>{t('password.title')}</dt>
            <dd>{t(user.hasPassword ? 'password.isSet' : 'password.isNone')}</dd>
          </dl>
        </div>
        <UserRoles user={user} now={now} />
        <UserSessions user={user} sessions={now.sessions} />
        <UserTokens user={user} tokens={now.tokens} />
      </section>
      <UserFoot user={user} />
      <Asked asking={asking} user={user} onClose={() => setAsking(null)} onGone={onClose} />
    </aside>
  );
}

/** The roles of the user, on and off at once; that the last admin stays one is said here. */
function UserRoles({ user: { username, roles: held }, now }: { readonly user: User; readonly now: AccessNow }) {
  const { t } = useTranslation('admin');
  const { isBusy, error, attempt } = useTried();
  const toggle = (role: string, isOn: boolean): Promise<boolean> =>
    attempt(() => call(isOn ? 'roles.assign' : 'roles.revoke', { username, role }));
  const problem = error === null ? null : errorText(error);
  return (
    <fieldset className="admin-block sep" aria-describedby="user-roles-help" aria-busy={isBusy}>
      <legend>{t('roles.word')}</legend>
      <div className="choice-grid">
        {now.roles.map(({ name, description }) => (
          <Checkbox
            key={name}
            isChecked={held.includes(name)}
            onChange={(isOn) => void toggle(name, isOn)}
            needs={held.includes(name) ? 'roles.revoke' : 'roles.assign'}
          >
            <span title={description}>{name}</span>
          </Checkbox>
        ))}
      </div>
      <div role="alert">
        <FieldHelp id="user-roles" error={problem} />
      </div>
      {problem === null ? <p className="help sm muted">{t('roles.atOnce')}</p> : null}
    </fieldset>
  );
}

function UserFoot({ user: { username, isActive } }: { readonly user: User }) {
  const { t } = useTranslation('admin');
  const { error, attempt } = useTried();
  const set = (): Promise<boolean> =>
    attempt(async () => {
      await call('users.setActive', { username, isActive: !isActive });
      showToast(t(isActive ? 'users.offDone' : 'users.onDone', { name: username }));
    });
  const problem = error === null ? null : errorText(error);
  return (
    <footer className="access-foot">
      <div className="grow" role="alert">
        <FieldHelp id="user-off" error={problem} />
      </div>
      {isActive ? (
        <Button variant="danger" icon={Ban} needs="users.setActive" onClick={() => void set()}>
          {t('users.switchOff')}
        </Button>
      ) : (
        <Button icon={Power} needs="users.setActive" onClick={() => void set()}>
          {t('users.switchOn')}
        </Button>
      )}
    </footer>
  );
}

interface AskedProps {
  readonly asking: Asking;
  readonly user: User;
  readonly onClose: () => void;
  readonly onGone: () => void;
}

/** What is asked before something is done with a user. */
function Asked({ asking, user: { username, email }, onClose, onGone }: AskedProps) {
  const { t } = useTranslation('admin');
  switch (asking) {
    case null:
      return null;
    case 'password':
      return (
        <OneFieldDialog
          title={t('password.setTitle', { name: username })}
          text={t('password.setText')}
          label={t('password.new')}
          help={t('password.help', { count: PASSWORD_MIN })}
          act={t('password.setAct')}
          needs="users.setPassword"
          type="password"
          field="password"
          refusal={(value) => (value.length < PASSWORD_MIN ? t('password.short', { count: PASSWORD_MIN }) : null)}
          onClose={onClose}
          onSend={async (password) => {
            await call('users.setPassword', { username, password });
            showToast(t('password.done', { name: username }));
          }}
        />
      );
    case 'email':
      return (
        <OneFieldDialog
          title={t('users.emailTitle', { name: username })}
          label={t('users.email')}
          help={t('users.emailHelp')}
          act={t('save')}
          needs="users.edit"
          type="email"
          initial={email ?? ''}
          field="email"
          refusal={(value) => (value.trim() === (email ?? '') ? t('users.sameEmail') : null)}
          onClose={onClose}
          onSend={(value) => call('users.edit', { username, email: value.trim() === '' ? null : value.trim() })}
        />
      );
    case 'remove':
      return (
        <OneFieldDialog
          title={t('users.removeTitle', { name: username })}
          text={t('users.removeText')}
          label={t('typeName', { name: username })}
          help={t('users.removeHelp')}
          act={t('users.remove')}
          needs="users.remove"
          isDanger
          field="username"
          codes={['user.last_admin']}
          refusal={(value) => (value.trim() === username ? null : t('typeName', { name: username }))}
          onClose={onClose}
          onSend={async () => {
            await call('users.remove', { username });
            showToast(t('users.removed', { name: username }));
            await act(onGone);
          }}
        />
      );
  }
}
