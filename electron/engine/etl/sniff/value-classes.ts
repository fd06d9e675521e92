/**
 * What a value looks like, as SQL over its text. DuckDB casts more than a careful reader would (`1.5` to an integer, by rounding; a time
 * with an offset to one without), so the look comes first and the cast only confirms it.
 */
export const VALUE_CLASSES = [
  'null', 'null_word', 'integer', 'compact_date', 'leading_zero', 'long_digits', 'decimal', 'scientific', 'comma_three', 'comma_thousands', 'decimal_comma', 'grouped', 'grouped_decimal',
  'percent', 'money', 'yes', 'no', 'iso_date', 'timestamp', 'zoned', 'slash_date', 'dot_date', 'dash_date', 'slash_time', 'dot_time', 'year_slash', 'month_day_year', 'day_month_year',
  'year_month', 'time', 'json', 'text',
] as const
export type ValueClass = (typeof VALUE_CLASSES)[number]

/** Words that stand for no value, in lower case. */
const NULL_WORDS = ['na', 'n/a', '#n/a', 'null', 'nil', 'none', 'nan', '-', '--', '.', '?', 'no data', 'not available', 'unknown', '(null)', '\\n']
/** Digits beyond which other programs round whole numbers, and which are nearly always identifiers. */
const LONG_DIGITS = 15

const like = (pattern: string): string => `regexp_full_match(t, '${pattern}')`
const CLOCK = ' [0-9]{1,2}:[0-9]{2}(:[0-9]{2})?( [AaPp][Mm])?'
const AMOUNT = "[0-9][0-9., \u00a0\u202f'']*"
const CURRENCY = '([$€£¥]|EUR|USD|GBP|CHF|JPY)'

const CASES: readonly [string, ValueClass][] = [
  [`lower(t) IN (${NULL_WORDS.map((word) => `'${word}'`).join(', ')})`, 'null_word'],
  [like('[+-]?0[0-9]+'), 'leading_zero'],
  [like(`[+-]?[0-9]{${LONG_DIGITS + 1},}`), 'long_digits'],
  [`${like('(19|20)[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])')} AND try_strptime(t, '%Y%m%d') IS NOT NULL`, 'compact_date'],
  [like('[+-]?[0-9]+'), 'integer'],
  [like('[+-]?0[0-9]+\\.[0-9]*'), 'leading_zero'],
  [like('[+-]?([0-9]+\\.[0-9]*|\\.[0-9]+)'), 'decimal'],
  [like('[+-]?[0-9]+(\\.[0-9]+)?[eE][+-]?[0-9]+'), 'scientific'],
  [like('[+-]?[1-9][0-9]{0,2},[0-9]{3}'), 'comma_three'],
  [like('[+-]?[0-9]{1,3}(,[0-9]{3})+(\\.[0-9]+)?'), 'comma_thousands'],
  [like('[+-]?([0-9]+|[0-9]{1,3}(\\.[0-9]{3})+),[0-9]+'), 'decimal_comma'],
  [like("[+-]?[1-9][0-9]{0,2}([ \u00a0\u202f''][0-9]{3})+"), 'grouped'],
  [like("[+-]?[1-9][0-9]{0,2}([ \u00a0\u202f''][0-9]{3})+[.,][0-9]+"), 'grouped_decimal'],
  [like('[+-]?[0-9]+([.,][0-9]+)? ?%'), 'percent'],
  [like(`-?${CURRENCY} ?-?${AMOUNT}|-?${AMOUNT} ?${CURRENCY}`), 'money'],
  [`lower(t) IN ('true', 't', 'yes', 'y')`, 'yes'],
  [`lower(t) IN ('false', 'f', 'no', 'n')`, 'no'],
  [`${like('[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}')} AND TRY_CAST(t AS DATE) IS NOT NULL`, 'iso_date'],
  [`${like('[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}[T ][0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]{1,6})?)?')} AND TRY_CAST(t AS TIMESTAMP) IS NOT NULL`, 'timestamp'],
  [`${like('[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}[T ][0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]{1,6})?)? ?(Z|[+-][0-9]{2}(:?[0-9]{2})?)')} AND TRY_CAST(t AS TIMESTAMPTZ) IS NOT NULL`, 'zoned'],
  [like('[0-9]{1,2}/[0-9]{1,2}/([0-9]{4}|[0-9]{2})'), 'slash_date'],
  [like('[0-9]{1,2}\\.[0-9]{1,2}\\.([0-9]{4}|[0-9]{2})'), 'dot_date'],
  [like('[0-9]{1,2}-[0-9]{1,2}-[0-9]{4}'), 'dash_date'],
  [like(`[0-9]{1,2}/[0-9]{1,2}/[0-9]{4},?${CLOCK}`), 'slash_time'],
  [like(`[0-9]{1,2}\\.[0-9]{1,2}\\.[0-9]{4},?${CLOCK}`), 'dot_time'],
  [like('[0-9]{4}/[0-9]{1,2}/[0-9]{1,2}'), 'year_slash'],
  [like('[A-Za-z]{3,9} [0-9]{1,2}, [0-9]{4}'), 'month_day_year'],
  [like('[0-9]{1,2}[ -][A-Za-z]{3,9}[ -][0-9]{4}'), 'day_month_year'],
  [like('(19|20)[0-9]{2}-(0[1-9]|1[0-2])'), 'year_month'],
  [like('[0-2]?[0-9]:[0-5][0-9](:[0-5][0-9])?'), 'time'],
  [`(t LIKE '{%' OR t LIKE '[%') AND json_valid(t)`, 'json'],
]

/** The class of the text `v`, whose trimmed form is `t`, as SQL. */
export const CLASS_SQL = `CASE WHEN v IS NULL THEN 'null' ${CASES.map(([condition, name]) => `WHEN ${condition} THEN '${name}'`).join(' ')} ELSE 'text' END`
