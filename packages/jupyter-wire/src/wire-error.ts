import { CrossviewError } from '@crossview/contracts';

/** A message that cannot be taken: cut, not signed, or not JSON. It must be dropped, never answered. */
export class WireError extends CrossviewError {
  declare readonly code: 'WIRE_NO_DELIMITER' | 'WIRE_CUT' | 'WIRE_SIGNATURE' | 'WIRE_NOT_JSON' | 'WIRE_HEADER';
}
