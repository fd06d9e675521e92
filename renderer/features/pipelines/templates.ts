import type { PipelineFile } from '../../../shared/contract/pipelines.contract.ts'

export type NewKind = 'sql' | 'processor' | 'contract' | 'dataType'

interface NewFile {
  kind: NewKind
  dataType: string
  files: readonly PipelineFile[]
}

/** What a new file begins with: enough to be right, and to be changed. */
export function templateOf({ kind, dataType, files }: NewFile): string {
  switch (kind) {
    case 'sql':
      return `SELECT\n  *\nFROM ${exampleTable(dataType, files)}\n`
    case 'processor':
      return `import { z } from 'zod'
import { defineProcessor } from 'strata'

export default defineProcessor({
  result: z.object({ id: z.string(), rows: z.int() }),
  process: (id, rows) => ({ id, rows: rows.length }),
})
`
    case 'contract':
      return 'description: \ncolumns: {}\n'
    case 'dataType':
      return `label: ${dataType.charAt(0).toUpperCase()}${dataType.slice(1).replaceAll('_', ' ')}\nsources: {}\n`
  }
}

function exampleTable(dataType: string, files: readonly PipelineFile[]): string {
  const own = files.find((file) => file.dataType === dataType && file.kind === 'sql' && file.dataset !== null)
  return own?.dataset?.split('.').slice(1).join('.') ?? 'raw.name'
}
