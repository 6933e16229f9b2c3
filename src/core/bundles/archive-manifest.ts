import { z } from 'zod';
import { type BundleSignature, signatureSchema } from './bundle-signature.ts';

/** `manifest.json` of an archive (SPEC §6.6). */
export interface ArchiveManifest {
  readonly format: 1;
  readonly name: string;
  readonly version: string;
  readonly content_hash: string;
  readonly created_at: string;
  readonly signature?: BundleSignature | undefined;
}

/** Where the manifest stands in an archive; a bundle cannot have a file of that name at its top and be exported. */
export const MANIFEST_NAME: string = 'manifest.json';

const manifestSchema = z.object({
  format: z.literal(1),
  name: z.string().max(200),
  version: z.string().max(200),
  content_hash: z.string().regex(/^[0-9a-f]{64}$/),
  created_at: z.string().max(40),
  signature: signatureSchema.optional(),
});

/** The manifest that a text is, or null: a `manifest.json` of the bundle's own is a file like any other. */
export function readArchiveManifest(text: string): ArchiveManifest | null {
  try {
    return manifestSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
