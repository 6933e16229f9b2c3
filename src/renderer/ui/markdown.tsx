import ReactMarkdown from 'react-markdown';
import { classNames } from './class-names.ts';

interface MarkdownProps {
  readonly text: string;
  readonly className?: string;
}

/** A text of an author as prose: no HTML, no pictures from elsewhere, links open outside. */
export function Markdown({ text, className }: MarkdownProps) {
  return (
    <div className={classNames('prose', className)}>
      <ReactMarkdown
        skipHtml
        disallowedElements={['img']}
        unwrapDisallowed
        components={{
          a: ({ href, children }) => (
            <a href={href} target="_blank" rel="noreferrer noopener">
              {children}
            </a>
          ),
        }}
      >
        {text}
      </ReactMarkdown>
    </div>
  );
}
