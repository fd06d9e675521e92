/** An export may hold what differs from an older version, in place of a version's rows. */
export const DIFF_EXPORTS = `
ALTER TABLE exports ADD COLUMN against TEXT;
`
