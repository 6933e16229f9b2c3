/** Forms of secrets that can be told by their looks. `group` is the part that is the secret. */
export const SECRET_PATTERNS = [
  { id: 'aws-access-key', title: 'AWS access key id', pattern: /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g },
  {
    id: 'aws-secret-key',
    title: 'AWS secret access key',
    pattern: /aws_secret_access_key\s*[=:]\s*["']?([A-Za-z0-9/+]{40})\b/gi,
    group: 1,
  },
  {
    id: 'private-key',
    title: 'Private key',
    pattern: /-----BEGIN (?:RSA |EC |OPENSSH |PGP )?PRIVATE KEY(?: BLOCK)?-----/g,
  },
  { id: 'github-token', title: 'GitHub token', pattern: /\bgh[pousr]_[A-Za-z0-9]{36,255}\b/g },
  { id: 'slack-token', title: 'Slack token', pattern: /\bxox[abprs]-[A-Za-z0-9-]{10,200}\b/g },
  {
    id: 'password',
    title: 'Password in the code',
    pattern: /\b(?:password|passwd|pwd|secret|api_?key|token)["']?\s*[:=]\s*["']([^"'\s$<{]{8,120})["']/gi,
    group: 1,
  },
];

/** What may be shown of a secret: enough to recognise it, too little to use it. */
export function mask(secret) {
  return `${secret.slice(0, 4)}${'*'.repeat(Math.min(8, Math.max(4, secret.length - 4)))}`;
}
