import { createCipheriv, createDecipheriv, randomBytes, scryptSync, timingSafeEqual } from 'node:crypto';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Seals secrets of credentials with a key that lies beside the databases, readable by its owner only. */
export class SecretBox {
  readonly #key: Buffer;

  constructor(directory: string) {
    const file = join(directory, 'secrets.key');
    try {
      this.#key = readFileSync(file);
    } catch {
      this.#key = randomBytes(32);
      writeFileSync(file, this.#key, { mode: 0o600 });
      chmodSync(file, 0o600);
    }
  }

  seal(text: string): string {
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce);
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64');
  }

  open(sealed: string): string {
    const bytes = Buffer.from(sealed, 'base64');
    const decipher = createDecipheriv('aes-256-gcm', this.#key, bytes.subarray(0, 12));
    decipher.setAuthTag(bytes.subarray(12, 28));
    return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8');
  }
}

export function hashPassword(password: string): string {
  const salt = randomBytes(16);
  return `${salt.toString('hex')}:${scryptSync(password, salt, 32).toString('hex')}`;
}

export function checkPassword(password: string, hashed: string): boolean {
  const [salt, hash] = hashed.split(':');
  if (!salt || !hash) return false;
  return timingSafeEqual(scryptSync(password, Buffer.from(salt, 'hex'), 32), Buffer.from(hash, 'hex'));
}

/** Compares in constant time, whatever the lengths. */
export function sameText(left: string, right: string): boolean {
  const salt = randomBytes(16);
  return timingSafeEqual(scryptSync(left, salt, 32, { N: 2 }), scryptSync(right, salt, 32, { N: 2 }));
}
