const MARK = '[redacted]';

/** What looks like a secret wherever it comes from, with what stays of it. */
const SHAPES: readonly (readonly [RegExp, string])[] = [
  [/\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{6,}/gi, `$1 ${MARK}`],
  [/:\/\/[^\s/@:]+:[^\s/@]+@/g, `://${MARK}@`],
  [
    /((?:api[_-]?key|token|passwd|password|passphrase|secret|authorization|cookie|credential)s?["']?\s*[:=]\s*["']?)[^\s"',;&)\]}]{3,}/gi,
    `$1${MARK}`,
  ],
  [/\b(?:sk|pk|ghp|gho|xox[abp]|AKIA)[-_]?[A-Za-z0-9_-]{12,}/g, MARK],
];

/** The text without anything that looks like a secret: for who does not know which there are. */
export const scrub = (text: string): string => SHAPES.reduce((said, [shape, rest]) => said.replace(shape, rest), text);
