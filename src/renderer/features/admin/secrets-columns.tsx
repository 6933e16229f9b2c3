import { CircleDashed, ShieldCheck, ShieldX } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { SecretInfo } from '../../../shared/model/secret.ts';
import type { Column } from '../../ui/data-table.tsx';
import { formatClock, formatDate, formatExact } from '../../ui/format.ts';
import { Icon } from '../../ui/icon.tsx';
import { TimeAgo } from '../../ui/time.tsx';
import { useNow } from '../../ui/use-now.ts';
import { worded } from '../../ui/worded.ts';
import { useSecretTest } from './secret-tests.ts';
import { isAllowed, userOf } from './secrets-store.ts';

interface CellProps {
  readonly secret: SecretInfo;
}

export const SECRET_COLUMNS: readonly Column<SecretInfo>[] = [
  { key: 'name', title: 'secrets:name', className: 'c-name', cell: (secret) => <Name secret={secret} /> },
  { key: 'may', title: 'secrets:may', className: 'c-may', cell: (secret) => <May secret={secret} /> },
  { key: 'used', title: 'secrets:usedBy', className: 'c-used', cell: (secret) => <UsedBy secret={secret} /> },
  {
    key: 'last',
    title: 'secrets:lastUsed',
    className: 'c-last',
    cell: ({ lastUsedAt }) => <When at={lastUsedAt} none="neverUsed" />,
  },
  {
    key: 'rotated',
    title: 'secrets:rotated',
    className: 'c-rotated',
    cell: ({ rotatedAt }) => <When at={rotatedAt} none="neverReplaced" />,
  },
  {
    key: 'expires',
    title: 'secrets:expires',
    className: 'c-expires',
    cell: (secret) => <Expiry secret={secret} />,
  },
  { key: 'test', title: 'secrets:testTitle', className: 'c-test', cell: (secret) => <TestMark secret={secret} /> },
];

const Name = ({ secret: { name, description } }: CellProps) => (
  <>
    <span className="mono sm cut block" title={name}>
      {name}
    </span>
    {description === '' ? null : (
      <span className="sm muted cut block" title={description}>
        {description}
      </span>
    )}
  </>
);

/** Who may use it or names it, in words. */
export function UserWords({ user }: { readonly user: string }) {
  const { t } = useTranslation('secrets');
  const { kind, name } = userOf(user);
  return <>{t(`who.${kind}`, { name })}</>;
}

function May({ secret: { allowed } }: CellProps) {
  const { t } = useTranslation('secrets');
  if (allowed.length === 0) return <span className="muted">{t('nobody')}</span>;
  return <Users users={allowed} />;
}

function UsedBy({ secret }: CellProps) {
  const { t } = useTranslation('secrets');
  const { usedBy } = secret;
  if (usedBy.length === 0) return <span className="muted">{t('nothing')}</span>;
  const refused = usedBy.filter((user) => !isAllowed(secret, user)).length;
  return (
    <>
      <Users users={usedBy} />
      {refused === 0 ? null : <span className="sm cut block st-waiting">{t('refused', { count: refused })}</span>}
    </>
  );
}

const Users = ({ users }: { readonly users: readonly string[] }) => (
  <span className="cut block" title={users.join(', ')}>
    {users.map((user, at) => (
      <span key={user}>
        {at === 0 ? '' : ', '}
        <UserWords user={user} />
      </span>
    ))}
  </span>
);

function When({ at, none }: { readonly at: number | null; readonly none: string }) {
  const { t } = useTranslation('secrets');
  return at === null ? <span className="muted">{t(none)}</span> : <TimeAgo at={at} />;
}

/** When it ends; what is near or over says so in words, not by its colour alone. */
export function Expiry({ secret: { expiresAt, expiry } }: CellProps) {
  const { t } = useTranslation('secrets');
  const now = useNow(60_000);
  if (expiresAt === null) return <span className="muted">{t('never')}</span>;
  const tone = expiry === 'over' ? 'st-failed' : expiry === 'soon' ? 'st-waiting' : undefined;
  return (
    <time dateTime={new Date(expiresAt).toISOString()} title={formatExact(expiresAt)} className={tone}>
      {t(`end.${expiry}`, { when: formatDate(expiresAt, now) })}
    </time>
  );
}

/** What the newest test of the value found. */
function TestMark({ secret }: CellProps) {
  const { t } = useTranslation('secrets');
  const { isBusy, test } = useSecretTest(secret);
  if (isBusy || test === null)
    return (
      <span className="status st-pending">
        <Icon of={CircleDashed} />
        {t(isBusy ? 'testing' : 'untested')}
      </span>
    );
  const { error, at } = test;
  return (
    <span
      className={`status ${error === null ? 'st-success' : 'st-failed'}`}
      title={error === null ? undefined : worded(error.message)}
    >
      <Icon of={error === null ? ShieldCheck : ShieldX} />
      {t(error === null ? 'works' : 'doesNot')} <span className="sm muted">{formatClock(at)}</span>
    </span>
  );
}
