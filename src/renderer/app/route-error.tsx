import { House, RotateCw, Unplug } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { isRouteErrorResponse, useRouteError } from 'react-router';
import { Button, LinkButton } from '../ui/button.tsx';
import { EmptyState } from '../ui/notes.tsx';
import { usePageTitle } from '../ui/page-title.ts';

/** What stands in place of a screen that broke; the shell around it goes on. */
export function RouteError() {
  const { t } = useTranslation('shell');
  const error = useRouteError();
  const isMissing = isRouteErrorResponse(error) && error.status === 404;
  const title = isMissing ? t('missing.title') : t('crash.title');
  usePageTitle(title);
  return (
    <div className="p-6" role="alert">
      <h1 className="sr">{title}</h1>
      <EmptyState icon={Unplug} title={title} {...(isMissing ? {} : { text: t('crash.text') })}>
        {isMissing ? null : (
          <Button variant="primary" acts={false} icon={RotateCw} onClick={() => window.location.reload()}>
            {t('crash.retry')}
          </Button>
        )}
        <LinkButton to="/workflows" icon={House}>
          {t('crash.home')}
        </LinkButton>
      </EmptyState>
    </div>
  );
}

/** An address that no screen has. */
export function MissingPage() {
  const { t } = useTranslation('shell');
  usePageTitle(t('missing.title'));
  return (
    <div className="p-6">
      <h1 className="sr">{t('missing.title')}</h1>
      <EmptyState icon={Unplug} title={t('missing.title')}>
        <LinkButton to="/workflows" icon={House}>
          {t('missing.home')}
        </LinkButton>
      </EmptyState>
    </div>
  );
}
