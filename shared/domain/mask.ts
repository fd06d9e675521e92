/** What stands in place of every value of a masked column. It says nothing of the value, not even its length. */
export const MASK = '••••'
