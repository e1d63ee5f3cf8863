import type { Redactor } from '@crossview/contracts';

/** The same value with the known secrets taken out of every text in it. */
export function redactJson<Value>(value: Value, redactor: Redactor | undefined): Value {
  if (!redactor) return value;
  const redact = (item: unknown): unknown => {
    if (typeof item === 'string') return redactor.redact(item);
    if (Array.isArray(item)) return item.map(redact);
    if (typeof item !== 'object' || item === null) return item;
    return Object.fromEntries(Object.entries(item).map(([key, it]) => [key, redact(it)]));
  };
  return redact(value) as Value;
}
