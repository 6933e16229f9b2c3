import { Eye } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { leavePreview, usePreview } from '../client/rights.ts';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { adminRoleLink } from '../ui/links.ts';

/** Says as which role somebody looks around, with the way back to himself. */
export function PreviewBanner() {
  const { t } = useTranslation('shell');
  const navigate = useNavigate();
  const role = usePreview((state) => state.role);
  if (role === null) return null;
  const leave = (): void => {
    leavePreview();
    void navigate(adminRoleLink(role.name));
  };
  return (
    <div className="banner preview" role="status">
      <Icon of={Eye} />
      <span className="grow">
        <b className="strong">{t('preview.as', { role: role.name })}</b> {t('preview.text')}
      </span>
      <Button onClick={leave}>{t('preview.leave')}</Button>
    </div>
  );
}
