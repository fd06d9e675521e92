import { sql, SQLDialect } from '@codemirror/lang-sql'
import type { Extension } from '@codemirror/state'

/** Words with a meaning in a SELECT, as DuckDB 1.5 reads it; what a step or a query may not say is left out. */
export const SQL_KEYWORDS = `all and anti any array as asc asof at between by case cast columns cross current cube desc describe distinct else end escape except
exclude exists false fetch filter first following for from full glob group grouping having if ignore ilike in inner intersect interval is isnull join
lambda last lateral left like limit materialized name natural not notnull null nulls offset on or order ordinality outer over partition percent pivot
positional preceding qualify range recursive replace respect right rollup row rows sample select semi sets similar struct summarize table
tablesample then ties true try_cast unbounded union unpivot using values when where window with within`.split(/\s+/)

const TYPES = `bigint bit blob boolean bool char date decimal double enum float float4 float8 hugeint int int1 int2 int4 int8 integer json list map
numeric real smallint text time timestamp timestamptz tinyint ubigint uhugeint uinteger union usmallint utinyint uuid varchar bignum`

/** Functions that most statements call; all of them are known to the completion. */
const FUNCTIONS = `abs any_value arg_max arg_min array_agg avg ceil coalesce concat concat_ws contains count date_diff date_part date_trunc day dense_rank extract first
first_value floor format greatest ifnull json_extract json_extract_string lag last last_value lead least length len list list_transform lower lpad ltrim make_date
max median min mode month nullif quantile_cont rank regexp_extract regexp_matches regexp_replace round row_number rpad rtrim split_part
starts_with stddev strftime string_agg string_split strptime struct_pack substring sum to_json trim try_strptime unnest upper year`

/** SQL as DuckDB has it, for colours and brackets. What can be written comes from `complete-sql.ts`. */
export function duckdbLanguage(): Extension {
  const dialect = SQLDialect.define({
    keywords: SQL_KEYWORDS.join(' '),
    types: TYPES,
    builtin: FUNCTIONS,
    doubleDollarQuotedStrings: true,
    operatorChars: '+-*/<>=~!@%^&|?',
    specialVar: '$',
  })
  return sql({ dialect, upperCaseKeywords: true })
}
