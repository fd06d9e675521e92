import { Option } from 'commander'
import { parseRunRef } from './run-ref.ts'

/** `--as-of prevalence#3`: everything as it was just after that run published. */
export function asOfOption(): Option {
  return new Option('--as-of <run>', 'as it was just after this run, data_type#number, had published').argParser(parseRunRef)
}
