import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { plainText } from '../../../shared/ansi.ts';
import type { ApprovalDetail } from '../../../shared/contract/index.ts';
import { isJsonMap, type Json } from '../../../shared/json.ts';
import { isDemoAgent } from '../demo.ts';
import { Markdown } from '../markdown.tsx';
import { Segmented } from '../segmented.tsx';
import { Status } from '../status.tsx';
import { FieldTable, ValueView } from './value-view.tsx';

const MARKDOWN = /^#{1,6} |^[-*] |^\d+\. |\*\*[^*\n]+\*\*|^```|\[[^\]\n]+\]\(/m;

/** The text of an output that is one, or holds one and little else. */
const textOf = (output: Json): string | null => (typeof output === 'string' ? plainText(output) : null);

/** What is proposed: what the step before gave. A text with marks is read as prose, or as it was written. */
export function ProposalView({ proposal }: { readonly proposal: NonNullable<ApprovalDetail['proposal']> }) {
  const { t } = useTranslation('approvals');
  const [shape, setShape] = useState<'prose' | 'written'>('prose');
  const { name, output, agent } = proposal;
  const isDemo = isDemoAgent(agent);
  const className = isDemo ? 'proposal demo' : 'proposal';
  const text = textOf(output);
  const isMarkdown = text !== null && MARKDOWN.test(text);
  const isProse = isMarkdown && shape === 'prose';
  return (
    <section aria-label={t('proposal.title')}>
      <div className="row">
        {isDemo ? <Status status="demo" pill /> : null}
        <h2 className="grow">
          {t('proposal.title')} <span className="muted sm regular">{t('proposal.from', { name })}</span>
        </h2>
        {isMarkdown ? (
          <Segmented
            label={t('proposal.shape')}
            value={shape}
            choices={[
              { value: 'prose', label: t('proposal.prose') },
              { value: 'written', label: t('proposal.written') },
            ]}
            onChoose={setShape}
          />
        ) : null}
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region must be reachable by keyboard */}
      {/* biome-ignore lint/a11y/useSemanticElements: the section around it has the name of the part */}
      <div className={className} tabIndex={0} role="region" aria-label={t('proposal.content')}>
        {isProse ? (
          <Markdown text={text} />
        ) : text !== null ? (
          <span className="value-text">{text}</span>
        ) : isJsonMap(output) && Object.keys(output).length > 0 ? (
          <FieldTable fields={output} label={name} />
        ) : (
          <ValueView value={output} label={name} />
        )}
      </div>
    </section>
  );
}
