/** A JSON value, as Jupyter messages and the session's RPC carry it. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** MIME type → data, as in `display_data`. `text/plain` is always there. */
export type MimeBundle = { readonly 'text/plain': string; readonly [mimeType: string]: Json };
