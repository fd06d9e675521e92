/** What a look at a version finds about one of its columns. */
export interface ColumnProfile {
  name: string
  nulls: number
  /** Different values; exact where `isExact`. */
  distinct: number
  isExact: boolean
  /** As text; null without values or an order. */
  min: string | null
  max: string | null
  /** The values with their counts, most frequent first, where there are few. */
  values: { value: string; count: number }[] | null
  /** Text with digits as 9 and letters as A or a, where nearly every value has one of few such shapes. */
  shapes: { shape: string; count: number }[] | null
}

export interface TableProfile {
  total: number
  columns: ColumnProfile[]
  /** Keys of other datasets that hold every value of a column. */
  references: { column: string; to: string; toColumn: string; values: number }[]
}
