import type { ReactNode } from 'react';
import ReactMarkdown, { defaultUrlTransform } from 'react-markdown';
import { classNames } from './class-names.ts';

interface MarkdownProps {
  readonly text: string;
  readonly className?: string;
}

/**
 * A text of an author as prose. Nothing of it is left out: HTML, a picture, and a link that leads to no page stand there as they are
 * written; links open outside.
 */
export function Markdown({ text, className }: MarkdownProps) {
  return (
    <div className={classNames('prose', className)}>
      <ReactMarkdown urlTransform={(url) => url} components={{ a: Target, img: Picture }}>
        {text}
      </ReactMarkdown>
    </div>
  );
}

function Target({ href = '', children }: { readonly href?: string | undefined; readonly children?: ReactNode }) {
  if (defaultUrlTransform(href) === '')
    return (
      <>
        [{children}]({href})
      </>
    );
  return (
    <a href={href} target="_blank" rel="noreferrer noopener">
      {children}
    </a>
  );
}

/** Nothing is fetched from elsewhere. */
const Picture = ({ src, alt = '' }: { readonly src?: unknown; readonly alt?: string | undefined }) => (
  <>
    ![{alt}]({String(src ?? '')})
  </>
);
