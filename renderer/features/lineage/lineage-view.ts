import { createContext, use } from 'react'
import type { ColumnRef } from './column-path.ts'

/** What a node on the canvas may ask for; the flow library renders nodes far from the screen that owns them. */
export interface LineageActions {
  readonly expand: (dataset: string, side: 'upstream' | 'downstream') => void
  /** Takes back what `expand` brought. */
  readonly collapse: (dataset: string, side: 'upstream' | 'downstream') => void
  /** Draws the datasets of a stack one by one. */
  readonly openFold: (fold: string) => void
  readonly toggleColumns: (dataset: string) => void
  readonly showAllColumns: (dataset: string) => void
  /** Shows where a column comes from and goes to; the chosen one again: no longer. */
  readonly chooseColumn: (column: ColumnRef) => void
}

export const LineageActionsContext = createContext<LineageActions | null>(null)

export function useLineageActions(): LineageActions {
  const actions = use(LineageActionsContext)
  if (actions === null) throw new Error('A lineage node needs the lineage screen around it')
  return actions
}
