import { X } from 'lucide-react';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SecretInfo } from '../../../shared/model/secret.ts';
import { call } from '../../client/bridge.ts';
import { useTried } from '../../client/use-tried.ts';
import { Button } from '../../ui/button.tsx';
import { Field, TextInput } from '../../ui/field.tsx';
import { fieldErrors } from '../../ui/field-errors.ts';
import { ErrorNote } from '../../ui/notes.tsx';
import { ListBlock } from './list-block.tsx';
import { UserWords } from './secrets-columns.tsx';
import { grantOf, isAllowed } from './secrets-store.ts';

/** Who may use a secret: granted and taken back at once; and what names it now, allowed or not. */
export function SecretGrants({ secret }: { readonly secret: SecretInfo }) {
  const { t } = useTranslation('secrets');
  const { error, attempt } = useTried();
  const [who, setWho] = useState('');
  const { name, allowed, usedBy } = secret;
  const errors = fieldErrors(error, {});
  const wanted = who.trim();
  const reason = wanted === '' ? t('needsWho') : isAllowed(secret, wanted) ? t('hasIt') : null;
  // One after the other: what is pressed while an earlier one is under way is not lost.
  const earlier = useRef<Promise<unknown>>(Promise.resolve());
  const save = (change: { readonly allow?: string[]; readonly deny?: string[] }): Promise<boolean> => {
    const saved = earlier.current.then(() => attempt(() => call('secrets.edit', { name, ...change })));
    earlier.current = saved;
    return saved;
  };
  const allow = async (user: string): Promise<void> => {
    if (await save({ allow: [grantOf(user)] })) setWho((now) => (now.trim() === user ? '' : now));
  };
  return (
    <>
      <ListBlock
        title={t('may')}
        none={allowed.length === 0 ? t('nobodyText') : null}
        below={
          <>
            {errors.other === null ? null : <ErrorNote error={errors.other} className="mt-2" />}
            <form
              className="grant-form"
              onSubmit={(event) => {
                event.preventDefault();
                if (reason === null) void allow(wanted);
              }}
            >
              <Field id="secret-who" label={t('allowTo')} help={t('allowHelp')} error={errors.at('allowed')}>
                <div className="row">
                  <TextInput
                    id="secret-who"
                    className="grow"
                    value={who}
                    maxLength={200}
                    isBad={errors.at('allowed') !== null}
                    aria-describedby="secret-who-help"
                    onChange={(event) => setWho(event.target.value)}
                  />
                  <Button
                    type="submit"
                    needs="secrets.edit"
                    title={reason ?? ''}
                    aria-disabled={reason !== null || undefined}
                  >
                    {t('allow')}
                  </Button>
                </div>
              </Field>
            </form>
          </>
        }
      >
        {allowed.map((grant) => (
          <li key={grant}>
            <span className="grow cut" title={grant}>
              <UserWords user={grant} />
            </span>
            <Button
              icon={X}
              needs="secrets.edit"
              aria-label={t('takeBackFrom', { who: grant })}
              onClick={() => void save({ deny: [grant] })}
            >
              {t('takeBack')}
            </Button>
          </li>
        ))}
      </ListBlock>
      <ListBlock title={t('usedBy')} none={usedBy.length === 0 ? t('nothingText') : null}>
        {usedBy.map((user) => (
          <li key={user}>
            <span className="grow cut" title={user}>
              <UserWords user={user} />
            </span>
            {isAllowed(secret, user) ? null : (
              <>
                <span className="sm st-waiting">{t('notAllowed')}</span>
                <Button
                  needs="secrets.edit"
                  aria-label={t('allowNamed', { who: grantOf(user) })}
                  onClick={() => void allow(user)}
                >
                  {t('allow')}
                </Button>
              </>
            )}
          </li>
        ))}
      </ListBlock>
    </>
  );
}
