import type { SqlParameter } from '@crossview/contracts';
import { type Request, TYPES } from 'tedious';

const smallest = -2147483648;
const largest = 2147483647;

/** Binds a value by the T-SQL type that holds it without loss. */
export function addParameter(request: Request, { name, value }: SqlParameter): void {
  if (value === null || typeof value === 'string') request.addParameter(name, TYPES.NVarChar, value);
  else if (typeof value === 'boolean') request.addParameter(name, TYPES.Bit, value);
  else if (typeof value === 'bigint') request.addParameter(name, TYPES.BigInt, value);
  else if (Number.isInteger(value) && value >= smallest && value <= largest)
    request.addParameter(name, TYPES.Int, value);
  else if (Number.isSafeInteger(value)) request.addParameter(name, TYPES.BigInt, BigInt(value));
  else request.addParameter(name, TYPES.Float, value);
}
