/** Cuts a text at the lines that say `GO`, as the tools for T-SQL do; `GO` inside of texts and comments is text. */
export function splitBatches(text: string): readonly string[] {
  const token =
    /'(?:[^']|'')*'|"(?:[^"]|"")*"|\[(?:[^\]]|\]\])*\]|--[^\n]*|\/\*[\s\S]*?\*\/|^[^\S\n]*GO[^\S\n]*;?[^\S\n]*$/gim;
  const batches: string[] = [];
  let start = 0;
  for (const match of text.matchAll(token)) {
    if (!/^\s*GO\s*;?\s*$/i.test(match[0])) continue;
    batches.push(text.slice(start, match.index));
    start = match.index + match[0].length;
  }
  batches.push(text.slice(start));
  return batches.filter((batch) => batch.trim() !== '');
}
