import type { Redactor } from '@crossview/contracts';

const shortest = 6;

/** A redactor that also knows the forms in which a secret appears inside JSON and URLs. */
export function createRedactor(): Redactor {
  const known = new Set<string>();
  return {
    add(secret) {
      if (secret.length < shortest) return;
      known.add(secret);
      known.add(encodeURIComponent(secret));
      known.add(JSON.stringify(secret).slice(1, -1));
    },
    redact(text) {
      let result = text;
      for (const secret of known) if (result.includes(secret)) result = result.split(secret).join('[REDACTED]');
      return result;
    },
  };
}
