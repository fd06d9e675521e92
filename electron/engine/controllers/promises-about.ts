import type { AffectedColumn, ColumnImpact } from '../../../shared/contract/column-lineage.contract.ts'
import type { ExportsReader } from '../ledger/exports.store.ts'
import type { WorkspaceService } from '../parts.ts'
import type { CheckSpec } from '../workspace/model.ts'

export interface PromisesParts {
  workspace: WorkspaceService
  exports: ExportsReader
}

interface Affected {
  dataset: string
  /** Null: all of its columns. */
  column: string | null
  affected: readonly AffectedColumn[]
}

const MOST_EXPORTS = 100

/** What somebody relies on among the columns that are affected, and the one that is asked about: rules, gates, files that were handed out. */
export function promisesAbout({ workspace, exports }: PromisesParts, { dataset, column, affected }: Affected): Pick<ColumnImpact, 'checks' | 'gates' | 'exports'> {
  const columns = new Map([...Map.groupBy(affected, (one) => one.dataset)].map(([at, ofIt]) => [at, new Set(ofIt.map((one) => one.column.toLowerCase()))]))
  const isAffected = (at: string, name: string | null): boolean => {
    if (at === dataset) return column === null || name === null || name.toLowerCase() === column.toLowerCase()
    const known = columns.get(at)
    return known !== undefined && (name === null || known.has(name.toLowerCase()))
  }
  const { dataTypes } = workspace.current()
  return {
    checks: dataTypes.flatMap(({ steps }) =>
      steps.flatMap((step) =>
        (step.contract?.checks ?? []).flatMap((check) => columnsNamed(check, step.dataset).flatMap((named) => (isAffected(named.dataset, named.column) ? [{ dataset: step.dataset, rule: check.rule, severity: check.severity, column: named.column }] : [])).slice(0, 1)),
      ),
    ),
    gates: dataTypes.flatMap(({ name, gates }) => gates.flatMap((gate) => gate.shows.filter((shown) => shown === dataset || columns.has(shown)).map((shown) => ({ dataType: name, gate: gate.name, dataset: shown })))),
    exports: exports.ofDatasets([dataset, ...columns.keys()], MOST_EXPORTS).map(({ id, dataset: of, path, startedAt }) => ({ id, dataset: of, path, startedAt })),
  }
}

/** What a rule is about; a statement is about every column that it might use, so of all of what it reads. */
function columnsNamed(check: CheckSpec, dataset: string): { dataset: string; column: string | null }[] {
  switch (check.kind) {
    case 'unique':
      return check.columns.map((column) => ({ dataset, column }))
    case 'relationship':
      return [{ dataset, column: check.column }, { dataset: check.to, column: check.toColumn }]
    case 'sql':
      return check.inputs.map((input) => ({ dataset: input, column: null }))
    default:
      return 'column' in check ? [{ dataset, column: check.column }] : []
  }
}
