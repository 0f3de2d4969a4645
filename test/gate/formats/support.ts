import type { Pieces } from '../../../lib/gate/formats/pieces';

/** A form as one text. */
export function whole(pieces: Pieces): string {
  return [...pieces].join('');
}
