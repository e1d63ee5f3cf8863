import type { Completeness } from '@crossview/contracts';

const closers: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/**
 * Whether code goes on, as far as its text says it in any language: for a front end that waits, while the language itself
 * still starts. It never says `complete` or `invalid`, which only the language can know.
 */
export function guessCompleteness(code: string): Completeness {
  const open: string[] = [];
  let quote = '';
  for (let at = 0; at < code.length; at += 1) {
    const sign = code[at] as string;
    if (quote !== '') {
      if (sign === '\\') at += 1;
      else if (code.startsWith(quote, at)) {
        at += quote.length - 1;
        quote = '';
      } else if (sign === '\n' && quote.length === 1 && quote !== '`') quote = '';
    } else if (/["'`]/.test(sign)) {
      quote = code.startsWith(sign.repeat(3), at) ? sign.repeat(3) : sign;
      at += quote.length - 1;
    } else if (closers[sign]) open.push(closers[sign]);
    else if (open.at(-1) === sign) open.pop();
  }
  const last = code.slice(code.lastIndexOf('\n') + 1);
  const goesOn =
    open.length > 0 || quote.length === 3 || quote === '`' || /[:\\]\s*$/.test(last) || /^\s+\S/.test(last);
  return goesOn ? { status: 'incomplete', indent: /^\s*/.exec(last)?.[0] ?? '' } : { status: 'unknown' };
}
