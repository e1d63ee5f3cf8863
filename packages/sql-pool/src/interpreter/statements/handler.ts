import type { StatementKind, StatementOf } from '../../dialect/ast.js';
import type { Context } from '../context.js';

/** What a statement says to the ones around it. */
export type Signal =
  | { readonly kind: 'next' | 'break' | 'continue' }
  | { readonly kind: 'return'; readonly status: number };

export const next: Signal = { kind: 'next' };

export type Handler<K extends StatementKind> = (context: Context, statement: StatementOf<K>) => Promise<Signal>;
