import type { Finding } from '../../shared/model/trust.ts';

/** What reading the files of a bundle showed, numbered from 1, with the lines that it is about. */
export const findingsText = (findings: readonly Finding[]): string =>
  findings.length === 0
    ? 'Reading found nothing that stands out.'
    : findings
        .map(
          ({ severity, title, text, excerpt }, index) =>
            `${index + 1}. ${severity.toUpperCase()} ${title}\n   ${text}${excerpt === undefined ? '' : `\n   > ${excerpt}`}`,
        )
        .join('\n');
