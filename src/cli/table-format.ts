/** What the table of variants can be written as. */
export const TABLE_FORMATS = ['text', 'csv', 'markdown', 'json'] as const;

/** One of {@link TABLE_FORMATS}. */
export type TableFormat = (typeof TABLE_FORMATS)[number];
