import { Lock } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { PROJECT_FOLDER } from '../../shared/model/trust.ts';
import { appInfo } from '../client/app-state.ts';
import { TrustDialog } from '../client/trust-dialog.tsx';
import { useQuery } from '../client/use-query.ts';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';

/** Says that the folder came from elsewhere and starts nothing, with the way to its sheet. */
export function TrustBanner() {
  const { t } = useTranslation('trust');
  const [isOpen, setIsOpen] = useState(false);
  const state = useQuery(appInfo).value?.project.trust;
  // The dialog keeps its place: the folder may be trusted before its answer comes.
  return (
    <>
      {state === 'untrusted' || state === 'changed' ? (
        <div className="banner" role="alert">
          <Icon of={Lock} />
          <span className="grow">
            <b className="strong">{t(`folder.${state}`)}</b> {t(`folder.${state}Text`)}
          </span>
          <Button onClick={() => setIsOpen(true)}>{t('again')}</Button>
        </div>
      ) : null}
      {isOpen ? <TrustDialog workflow={PROJECT_FOLDER} onClose={() => setIsOpen(false)} /> : null}
    </>
  );
}
