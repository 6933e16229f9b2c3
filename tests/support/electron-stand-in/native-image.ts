import { existsSync } from 'node:fs';
import type { NativeImage } from 'electron';

type ImagePart = Pick<NativeImage, 'isEmpty' | 'setTemplateImage'> & { readonly path: string };

/** The part of `nativeImage` that the app uses: an image is the file that it was read from. */
export const nativeImage = {
  createFromPath: (path: string): NativeImage => {
    const image: ImagePart = { path, isEmpty: () => !existsSync(path), setTemplateImage: () => undefined };
    return image as unknown as NativeImage;
  },
} satisfies Partial<Record<keyof typeof Electron.nativeImage, unknown>>;

/** Where an image came from. */
export const imagePath = (image: NativeImage | string): string =>
  typeof image === 'string' ? image : (image as unknown as ImagePart).path;
