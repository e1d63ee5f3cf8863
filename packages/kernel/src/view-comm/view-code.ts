import { loadFolder } from '../cell/registry.js';

/** How a programming language reads and writes Arrow stream files: what `%%kernel NAME -i VIEW -o VIEW` runs there. */
export interface ViewCode {
  /** Names that kernels of the language give it in `kernel_info_reply`. */
  readonly languages: readonly string[];
  /** The library that has to be installed there. */
  readonly library: string;
  /** How a user installs it, as one sentence without its full stop. */
  readonly install: string;
  /** Code that makes a variable of this name, a table of all parts. The name is one that the language can have. */
  read(name: string, parts: readonly string[]): string;
  /** Code that writes the variable into a file. */
  write(name: string, path: string): string;
}

/** What the code of a language throws where the library is not installed. */
export const libraryMissing = 'CROSSVIEW_LIBRARY_MISSING';

let loaded: Promise<readonly ViewCode[]> | undefined;

/** The languages of `codes/`, one file each. */
export function viewCodes(): Promise<readonly ViewCode[]> {
  loaded ??= loadFolder<ViewCode>(new URL('codes/', import.meta.url));
  return loaded;
}
