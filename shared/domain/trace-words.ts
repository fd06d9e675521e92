import type { TraceStage } from '../contract/trace.contract.ts'

/** How the rows of a stage were found, as a sentence. */
export function traceWords({ how, by, isExact, reason, rowCount }: Pick<TraceStage, 'how' | 'by' | 'isExact' | 'reason' | 'rowCount'>): string {
  const rows = rowCount === 1 ? '1 row' : `${rowCount.toLocaleString('en')} rows`
  switch (how) {
    case 'asked':
      return rowCount === 1 ? 'The row that is traced' : `${rows} with ${listed(by)} as asked; the first are traced`
    case 'values':
      if (isExact) return rowCount === 1 ? `Exactly this row: of it alone the step makes the same again${more(reason)}` : `Exactly these ${rows}: of them alone the step makes the same again${more(reason)}`
      return `${rowCount === 1 ? 'The row' : `At most these ${rows},`} with the same ${listed(by)}${more(reason)}`
    case 'entity':
      return `${rows} that the processor was given for the entity, by ${listed(by)}${more(reason)}`
    case 'none':
      return 'No row of it has a part here'
    case 'unknown':
      return `It cannot be told which rows: ${reason ?? 'nothing leads there'}`
  }
}

function more(reason: string | null): string {
  return reason === null ? '' : `; ${reason}`
}

const MOST_NAMED = 4

function listed(names: readonly string[]): string {
  if (names.length > MOST_NAMED) return `${names.slice(0, MOST_NAMED - 1).join(', ')} and ${names.length - MOST_NAMED + 1} more columns`
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`
}
