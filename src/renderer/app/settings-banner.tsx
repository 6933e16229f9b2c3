import { TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Diagnostic } from '../../shared/model/diagnostic.ts';
import { appInfo } from '../client/app-state.ts';
import { useQuery } from '../client/use-query.ts';
import { Button } from '../ui/button.tsx';
import { DiagnosticText } from '../ui/diagnostic-text.tsx';
import { Icon } from '../ui/icon.tsx';
import { worded } from '../ui/worded.ts';

const NONE: readonly Diagnostic[] = [];

/** What is wrong with the settings of this project, unknown or not used: the worst of it, and the way to the rest. */
export function SettingsBanner({ onDoctor }: { readonly onDoctor: () => void }) {
  const { t } = useTranslation('shell');
  const problems = useQuery(appInfo).value?.settingsProblems ?? NONE;
  const error = problems.find(({ severity }) => severity === 'error');
  const worst = error ?? problems[0];
  if (worst === undefined) return null;
  const place = worst.line === undefined ? worst.file : `${worst.file}:${worst.line}`;
  return (
    <div className="banner" role={error === undefined ? 'status' : 'alert'}>
      <Icon of={TriangleAlert} />
      <span>
        <b className="strong">
          {error === undefined ? t('settings.odd', { count: problems.length }) : t('settings.broken')}
        </b>{' '}
        <DiagnosticText
          {...worst}
          message={place === undefined ? worst.message : `${place}: ${worded(worst.message)}`}
        />
      </span>
      <Button onClick={onDoctor}>{t('settings.check')}</Button>
    </div>
  );
}
