import { rmdir, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { ArrowParts } from '@crossview/contracts';

/** Removes files that were made to be shown once, and their directory when nothing else is in it. */
export async function removeParts({ parts }: ArrowParts): Promise<void> {
  await Promise.allSettled(parts.map((part) => unlink(part)));
  await Promise.allSettled([...new Set(parts.map(dirname))].map((directory) => rmdir(directory)));
}
