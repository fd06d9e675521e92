import type { CsvOptions } from '../../workspace/model.ts'

/** Whether delimited text has to be read by our own reader: DuckDB's does not know what the source declares. */
export function readsByRecords({ ragged, skipFooter = 0, comment, delimiter }: CsvOptions): boolean {
  return ragged === 'fill' || skipFooter > 0 || (comment?.length ?? 0) > 1 || [...(delimiter ?? '')].length > 1
}
