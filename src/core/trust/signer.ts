import { createHash } from 'node:crypto';
import type { Finding } from '../../shared/model/trust.ts';

/** Who signed a version, and who is known. Public keys in base64. */
export interface Signing {
  /** Null = nobody signed it. */
  readonly signer: string | null;
  /** Who signed the accepted version; undefined = nobody did, or none is accepted yet. */
  readonly pinned: string | undefined;
  /** Other paths of the library that he signed. */
  readonly elsewhere: readonly string[];
}

/** A key in words that can be compared aloud: four groups of its hash. */
export const signerWord = (publicKey: string): string =>
  (createHash('sha256').update(Buffer.from(publicKey, 'base64')).digest('hex').slice(0, 16).match(/.{4}/g) ?? []).join(
    ' ',
  );

/** What is to be said of a signature (SPEC §6.7); nothing where it is as it was. */
export function signerFindings({ signer, pinned, elsewhere }: Signing): readonly Finding[] {
  if (pinned !== undefined && signer === pinned) return [];
  if (pinned !== undefined && signer === null)
    return [
      {
        ...{ id: 'signer.gone', code: 'signer.gone', severity: 'high', title: 'Not signed any more' },
        text: `The accepted version was signed by ${signerWord(pinned)}. Nobody has signed this one.`,
      },
    ];
  if (pinned !== undefined && signer !== null)
    return [
      {
        ...{
          id: `signer.changed:${signer}`,
          code: 'signer.changed',
          severity: 'high',
          title: 'Somebody else signed it',
        },
        text: `The accepted version was signed by ${signerWord(pinned)}, this one by ${signerWord(signer)}. Ask whoever made it, on another way than this one came, whether that is right.`,
      },
    ];
  if (signer === null)
    return [
      {
        ...{ id: 'signer.none', code: 'signer.none', severity: 'watch', title: 'Not signed' },
        text: 'Nobody vouches for where it comes from.',
      },
    ];
  const word = signerWord(signer);
  return [
    {
      ...{ id: 'signer.first', code: 'signer.first', severity: 'watch' },
      ...(elsewhere.length > 0
        ? {
            title: 'Signed by somebody known here',
            text: `${word} signed it, who also signed ${elsewhere.join(', ')}.`,
          }
        : {
            title: 'Signed by somebody new',
            text: `${word} signed it, who is not known here. Once this is trusted, another signer of the next version stands out.`,
          }),
    },
  ];
}
