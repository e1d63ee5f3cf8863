/** Secrets by vault and name, as the profile in force says. */
export interface SecretDirectory {
  /**
   * @param vault a Key Vault's name or address, or `local` for the secrets of the local services.
   * @param version of a secret in a real Key Vault; the newest without it.
   * @throws CrossviewError `SECRET_UNKNOWN` naming vault and secret, and listing the names that are there.
   */
  get(vault: string, name: string, version?: string): Promise<string>;
}

/** Knows every secret that the session handed out, and takes them out of text that a user or a log may see. */
export interface Redactor {
  /** Values shorter than six characters are not taken: they would hide ordinary words. */
  add(secret: string): void;
  /** The text with every known secret replaced by `[REDACTED]`. */
  redact(text: string): string;
}
