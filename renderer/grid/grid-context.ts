import { createContext, use } from 'react'
import type { Column, Filter, Sort } from '../../shared/domain/table-query.ts'
import type { Anchor } from '../ui/popup-menu.tsx'
import type { HeadDrop } from './head-drop.ts'

/** What the headers need to know and may ask for; they are rendered by the grid, far from the component that owns it. */
export interface GridHeadState {
  readonly sort: readonly Sort[]
  readonly filter: readonly Filter[]
  readonly toggleSort: (column: Column, add: boolean) => void
  readonly openMenu: (column: Column, anchor: Anchor) => void
  readonly headDrop: HeadDrop | undefined
}

export const GridHeadContext = createContext<GridHeadState | null>(null)

export function useGridHead(): GridHeadState {
  const head = use(GridHeadContext)
  if (head === null) throw new Error('A grid header needs the grid around it')
  return head
}
