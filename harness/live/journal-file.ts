/** File in the results folder that requests of our own to a tenant are written to. */
export const LIVE_JOURNAL = 'live-journal.jsonl';
