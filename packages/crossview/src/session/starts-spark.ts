/** Set by a run whose notebook asks for Spark: its kernel opens the session at once, and not with the first cell. */
export const startsSpark = 'CROSSVIEW_RUN_SPARK';
