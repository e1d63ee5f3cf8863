/** Texts in quotes that start with Fabric's mount of the default lakehouse, with what Spark may write in front. */
const quoted = /(["'`])((?:file:(?:\/\/)?)?)\/lakehouse\/default(?=[/"'`])/g;
/** The same as a word of a shell command. */
const word = /(^|[\s"'=;|&(<>])\/lakehouse\/default(?=[/\s"';|&)]|$)/gm;

/** `/lakehouse/default` is a mount in Fabric, which this machine need not have: its paths lead to the folder. */
export function withLakehouse(code: string, folder: string | undefined): string {
  if (folder === undefined) return code;
  return code.replace(quoted, (_all, quote: string, scheme: string) => `${quote}${scheme}${folder}`);
}

/** For shells, where a path stands without quotes: a folder whose name a shell would take apart stays unnamed. */
export function withLakehouseWords(code: string, folder: string | undefined): string {
  if (folder === undefined || !/^[\w/.@:+-]+$/.test(folder)) return code;
  return code.replace(word, (_all, before: string) => `${before}${folder}`);
}
