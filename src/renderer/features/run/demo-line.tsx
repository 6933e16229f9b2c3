import { useTranslation } from 'react-i18next';
import { Status } from '../../ui/status.tsx';

/** Stands above what the demo agent had a hand in. */
export function DemoLine() {
  const { t } = useTranslation('run');
  return (
    <p className="demo-line sm">
      <Status status="demo" pill />
      <span>{t('demo.line')}</span>
    </p>
  );
}
