/**
 * Functions that a filter expression may call, operators among them. Each depends on its arguments alone, reaches nothing outside the row, and gives
 * nothing that is much larger than they are: `repeat`, `lpad`, `range`, `replace` and the like could fill the memory from one short text, and they
 * are missing for that reason. A filter runs where rows are read for everybody.
 */
const OPERATORS = ['+', '-', '*', '/', '//', '%', '^', '**', '||', '&', '|', '~', '<<', '>>', '@', '^@', '~~', '!~~', '~~*', '!~~*', '~~~', '!~', '~*', '!~*', '&&', '@>', '<@', '->', '->>', 'not_like_escape', 'like_escape', 'ilike_escape', 'not_ilike_escape']

const TEXT = [
  'ascii', 'bit_length', 'concat', 'concat_ws', 'contains', 'prefix', 'suffix', 'starts_with', 'ends_with', 'instr', 'position', 'strpos', 'lcase', 'lower', 'ucase', 'upper', 'left', 'right', 'left_grapheme', 'right_grapheme',
  'len', 'length', 'length_grapheme', 'char_length', 'character_length', 'strlen', 'octet_length', 'ltrim', 'rtrim', 'trim', 'substr', 'substring', 'substring_grapheme', 'reverse', 'strip_accents', 'nfc_normalize', 'md5', 'sha256', 'hash', 'hex', 'to_hex',
  'levenshtein', 'editdist3', 'hamming', 'mismatches', 'damerau_levenshtein', 'jaccard', 'jaro_similarity', 'jaro_winkler_similarity', 'like', 'ilike', 'not_like', 'not_ilike',
  'regexp_matches', 'regexp_full_match', 'regexp_extract', 'split_part', 'string_split', 'str_split', 'split', 'unicode', 'ord', 'chr', 'translate', 'is_valid_utf8',
]

const NUMBERS = [
  'abs', 'add', 'subtract', 'multiply', 'divide', 'mod', 'ceil', 'ceiling', 'floor', 'round', 'round_even', 'trunc', 'sign', 'signbit', 'sqrt', 'cbrt', 'pow', 'power', 'exp', 'ln', 'log', 'log10', 'log2', 'pi', 'degrees', 'radians',
  'sin', 'cos', 'tan', 'cot', 'asin', 'acos', 'atan', 'atan2', 'gcd', 'lcm', 'greatest', 'least', 'even', 'isfinite', 'isinf', 'isnan', 'nextafter', 'xor', 'bit_count',
]

const TIMES = [
  'age', 'century', 'date_diff', 'datediff', 'date_part', 'datepart', 'date_sub', 'datesub', 'date_trunc', 'datetrunc', 'date_add', 'day', 'dayname', 'dayofmonth', 'dayofweek', 'dayofyear', 'decade', 'epoch', 'epoch_ms', 'epoch_ns', 'epoch_us', 'era',
  'hour', 'isodow', 'isoyear', 'julian', 'last_day', 'make_date', 'make_time', 'make_timestamp', 'microsecond', 'millennium', 'millisecond', 'minute', 'month', 'monthname', 'quarter', 'second', 'strftime', 'strptime', 'try_strptime', 'time_bucket', 'timezone',
  'to_years', 'to_months', 'to_weeks', 'to_days', 'to_hours', 'to_minutes', 'to_seconds', 'to_milliseconds', 'to_microseconds', 'to_timestamp', 'week', 'weekday', 'weekofyear', 'year', 'yearweek',
]

const NESTED = [
  'array_contains', 'array_extract', 'array_has', 'array_has_all', 'array_has_any', 'array_length', 'array_position', 'array_slice', 'list_contains', 'list_count', 'list_distinct', 'list_element', 'list_extract', 'list_first', 'list_has', 'list_has_all', 'list_has_any', 'list_last',
  'list_max', 'list_min', 'list_position', 'list_slice', 'list_sum', 'list_avg', 'list_unique', 'list_value', 'list_sort', 'cardinality', 'element_at', 'map_contains', 'map_extract', 'map_keys', 'map_values', 'row', 'struct_extract', 'struct_pack',
  'json_array_length', 'json_contains', 'json_exists', 'json_extract', 'json_extract_path', 'json_extract_path_text', 'json_extract_string', 'json_keys', 'json_type', 'json_valid', 'json_value', 'union_extract', 'union_tag',
]

const CHOICES = ['coalesce', 'if', 'ifnull', 'nullif', 'typeof']

export const EXPRESSION_FUNCTIONS: ReadonlySet<string> = new Set([...OPERATORS, ...TEXT, ...NUMBERS, ...TIMES, ...NESTED, ...CHOICES])
