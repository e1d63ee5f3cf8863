import type { Json } from '@crossview/contracts';
import { ExpressionValueError } from './expression-errors.js';

export type ValueFunction = (...values: readonly (Json | undefined)[]) => Json;

/** What functions take their arguments for; each throws ExpressionValueError for a value that is none. */
export const text = (value: Json | undefined): string => {
  if (typeof value === 'string') return value;
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
};

export const number = (value: Json | undefined): number => {
  const found = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof found !== 'number' || Number.isNaN(found))
    throw new ExpressionValueError(`${JSON.stringify(value)} is no number`);
  return found;
};

export const list = (value: Json | undefined): readonly Json[] => {
  if (!Array.isArray(value)) throw new ExpressionValueError(`${JSON.stringify(value)} is no array`);
  return value as readonly Json[];
};

export const boolean = (value: Json | undefined): boolean => {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'string' && /^(true|false)$/i.test(value)) return value.toLowerCase() === 'true';
  throw new ExpressionValueError(`${JSON.stringify(value)} is neither true nor false`);
};
