/** Screenshots inside the file, as long as there is room; beyond that a link beside it. */
import { statSync } from 'node:fs';
import path from 'node:path';
import { readGivenBytes } from '../given-file.ts';
import type { ReportAttachment } from '../model.ts';

/** Bytes of one picture, and of all, that are put into the file; base64 adds a third. */
const ONE_MAX = 300_000;
const ALL_MAX = 1_300_000;

export interface Pictures {
  /** A data URL, or undefined when the picture is too big or gone. */
  dataUrl(attachment: ReportAttachment): string | undefined;
}

/** @param outputFolder absolute folder that attachment paths are relative to; nothing outside it is read */
export function createPictures(outputFolder: string): Pictures {
  let used = 0;
  return {
    dataUrl({ path: place, contentType }) {
      if (!place || !/^image\/(png|jpeg|webp)$/.test(contentType)) return undefined;
      const file = path.resolve(outputFolder, place);
      if (path.relative(outputFolder, file).startsWith('..')) return undefined;
      try {
        const { size } = statSync(file);
        if (size > ONE_MAX || used + size > ALL_MAX) return undefined;
        used += size;
        return `data:${contentType};base64,${readGivenBytes(file, { max: ONE_MAX }).toString('base64')}`;
      } catch {
        return undefined;
      }
    },
  };
}
