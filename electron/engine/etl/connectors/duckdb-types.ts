/** Types that Parquet has not, or that belong to the file they come from. */
const AS_TEXT = /^(ENUM|BIT|UNION|BIGNUM|VARINT|UHUGEINT|HUGEINT|INTERVAL)/

/** A value of a delivered database as a version keeps it: text where Parquet has no such type. */
export function parquetValue(ref: string, type: string): string {
  return AS_TEXT.test(type) ? `CAST(${ref} AS VARCHAR)` : ref
}
