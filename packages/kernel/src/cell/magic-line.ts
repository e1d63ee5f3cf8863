/** The first non-blank line of a cell when it names a magic: `%%name arguments`. */
export interface MagicLine {
  readonly name: string;
  readonly argumentLine: string;
  /** What follows the magic's line. */
  readonly body: string;
  /** Lines in front of `body`. */
  readonly lineOffset: number;
  /** Offset of `body` in the cell, in UTF-16 code units. */
  readonly bodyOffset: number;
}

const magicLine = /^(?:[^\S\n]*\n)*[^\S\n]*%%([A-Za-z_][\w.-]*)(?:[^\S\n]+([^\n]*))?[^\S\n]*(?:\n|$)/;

/** `undefined` when the cell has no magic on its first non-blank line. */
export function parseMagicLine(code: string): MagicLine | undefined {
  const found = magicLine.exec(code);
  if (!found) return undefined;
  const [all, name = '', argumentLine = ''] = found;
  return {
    name,
    argumentLine: argumentLine.trim(),
    body: code.slice(all.length),
    lineOffset: all.split('\n').length - 1,
    bodyOffset: all.length,
  };
}

/** `%name` alone on the first line, as Databricks and Zeppelin write what is `%%name` here. */
export function parseSingleSign(code: string, isLanguage: (name: string) => boolean): MagicLine | undefined {
  const name = /^\s*%([A-Za-z_]\w*)[^\S\n]*\n/.exec(code)?.[1];
  const found = name !== undefined && isLanguage(name) ? parseMagicLine(code.replace('%', '%%')) : undefined;
  return found && { ...found, bodyOffset: found.bodyOffset - 1 };
}

/** `%name?` or `%%name?` alone in a cell: a question about a magic. */
export function parseHelp(code: string): string | undefined {
  return /^\s*%{0,2}([A-Za-z_]\w*)\?{1,2}\s*$/.exec(code)?.[1];
}
