/** @returns `1,000 of 336,776 rows`; `5 rows`; `the first 1,000 rows` when nobody knows how many there are. */
export function rowCount(shown: number, total: number | undefined): string {
  const words = (count: number) => count.toLocaleString('en-US');
  if (total === undefined) return `the first ${words(shown)} rows`;
  if (shown < total) return `${words(shown)} of ${words(total)} rows`;
  return shown === 1 ? '1 row' : `${words(shown)} rows`;
}
