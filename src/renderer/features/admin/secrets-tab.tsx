import { KeyRound, Plus, ShieldCheck } from 'lucide-react';
import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useSearchParams } from 'react-router';
import type { SecretInfo } from '../../../shared/model/secret.ts';
import { useFreshOnFocus, useQuery } from '../../client/use-query.ts';
import { Button } from '../../ui/button.tsx';
import { FilterChip } from '../../ui/chip.tsx';
import { classNames } from '../../ui/class-names.ts';
import { DataTable } from '../../ui/data-table.tsx';
import { formatCount } from '../../ui/format.ts';
import { adminSecretLink } from '../../ui/links.ts';
import { EmptyState, ErrorNote } from '../../ui/notes.tsx';
import { SearchField } from '../../ui/search-field.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { AddSecretDialog } from './secret-dialog.tsx';
import { SecretPane } from './secret-pane.tsx';
import { testSecrets, useIsTesting } from './secret-tests.ts';
import { SECRET_COLUMNS } from './secrets-columns.tsx';
import { isAllowed, secretsNow } from './secrets-store.ts';
import { SecretsStrip } from './secrets-strip.tsx';
import './secrets.css';

const keyOf = ({ name }: SecretInfo): string => name;

/** Name, description, and who may use it or does. */
const isFound = ({ name, description, allowed, usedBy, tags }: SecretInfo, text: string): boolean =>
  [name, description, ...allowed, ...usedBy, ...tags].join('\n').toLowerCase().includes(text);

/** What somebody may look for among them. */
const ONLY = {
  refused: (one: SecretInfo) => one.usedBy.some((user) => !isAllowed(one, user)),
  ending: ({ expiry }: SecretInfo) => expiry === 'soon' || expiry === 'over',
  unused: ({ usedBy }: SecretInfo) => usedBy.length === 0,
} as const;
type Only = keyof typeof ONLY;
const ONLIES = Object.keys(ONLY) as readonly Only[];

/** Which secrets there are, who may use them and whether they can be used now; never a value. */
export function SecretsTab() {
  const { t } = useTranslation('secrets');
  const navigate = useNavigate();
  const [params] = useSearchParams();
  const [text, setText] = useState('');
  const [only, setOnly] = useState<Only | null>(null);
  const [isAdding, setIsAdding] = useState(false);
  useEffect(() => secretsNow.open(null), []);
  useFreshOnFocus(secretsNow);
  const data = useQuery(secretsNow);
  const isTesting = useIsTesting();
  const now = data.value;
  const wanted = text.trim().toLowerCase();
  const rows = useMemo(
    () => now?.secrets.filter((one) => isFound(one, wanted) && (only === null || ONLY[only](one))) ?? null,
    [now, wanted, only],
  );
  const chosen = now?.secrets.find(({ name }) => name === params.get('secret')) ?? null;
  const selected = useMemo(() => new Set(chosen === null ? [] : [chosen.name]), [chosen]);
  const go = (name: string | null): void => void navigate(adminSecretLink(name), { replace: true });
  if (now === null)
    return data.status === 'error' ? (
      <ErrorNote className="m-6" error={data.error} onRetry={() => void secretsNow.refresh()} />
    ) : (
      <SkeletonRows />
    );
  const { state, needsPassphrase } = now.store;
  const shut = needsPassphrase ? t('vault.first') : state === 'locked' ? t('vault.unlockFirst') : null;
  const onKey = (key: string): boolean => {
    if (key !== 'Escape' || chosen === null) return false;
    go(null);
    return true;
  };
  return (
    <>
      <SecretsStrip store={now.store} />
      <div className={classNames('list-cols secret-cols', chosen !== null && 'open')}>
        <section className="audit-list" aria-label={t('list')}>
          <div className="audit-bar">
            <SearchField className="find" label={t('search')} placeholder={t('search')} text={text} onText={setText} />
            {ONLIES.map((one) => {
              const count = now.secrets.filter(ONLY[one]).length;
              return count === 0 && only !== one ? null : (
                <FilterChip key={one} isOn={only === one} onToggle={() => setOnly(only === one ? null : one)}>
                  {t(`only.${one}`)} {formatCount(count)}
                </FilterChip>
              );
            })}
            <span className="grow" />
            {now.secrets.length === 0 ? null : (
              <Button
                icon={ShieldCheck}
                needs="secrets.test"
                reason={isTesting ? t('testing') : shut}
                onClick={() => void testSecrets(now.secrets)}
              >
                {t('testAll')}
              </Button>
            )}
            <Button
              variant={chosen === null ? 'primary' : 'default'}
              icon={Plus}
              needs="secrets.set"
              reason={shut}
              onClick={() => setIsAdding(true)}
            >
              {t('add')}
            </Button>
          </div>
          <DataTable
            className="secret-table"
            label={t('list')}
            columns={SECRET_COLUMNS}
            rows={rows}
            keyOf={keyOf}
            onOpen={({ name }) => go(name)}
            empty={
              <EmptyState
                icon={KeyRound}
                title={t(now.secrets.length === 0 ? 'none' : 'noneFound')}
                text={now.secrets.length === 0 ? t('noneText') : ''}
                className="px-6"
              />
            }
            error={data.status === 'error' ? data.error : null}
            onRetry={() => void secretsNow.refresh()}
            selected={selected}
            onKey={onKey}
          />
          <p className="secret-foot sm muted">{t('foot')}</p>
        </section>
        {chosen === null ? null : <SecretPane key={chosen.name} secret={chosen} onClose={() => go(null)} />}
      </div>
      {isAdding ? (
        <AddSecretDialog
          taken={now.secrets.map(({ name }) => name)}
          onClose={() => setIsAdding(false)}
          onMade={({ name }) => go(name)}
        />
      ) : null}
    </>
  );
}
