import { useTranslation } from 'react-i18next';
import { type StartLook, StartMark } from './trigger-marks.tsx';

/** What the signs on a line of time mean; those that are drawn as bars stand as squares. */
export function LaneLegend({ looks }: { readonly looks: readonly StartLook[] }) {
  const { t } = useTranslation('triggers');
  return (
    <ul className="lane-legend" aria-label={t('calendar.legend')}>
      {looks.map((look) => (
        <li key={look}>
          {look === 'ran' || look === 'planned' ? (
            <>
              <i className={`k1 ${look === 'ran' ? 'f-success' : 'plan'}`} />
              {t(`look.${look}`)}
            </>
          ) : (
            <StartMark look={look} />
          )}
        </li>
      ))}
    </ul>
  );
}
