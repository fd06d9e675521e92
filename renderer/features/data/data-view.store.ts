import { createContext, use } from 'react'
import { createStore, type StoreApi, useStore } from 'zustand'
import { z } from 'zod'
import { columnLayoutSchema } from '../../../shared/domain/column-layout.ts'
import { type ColumnLayout, EMPTY_LAYOUT } from '../../grid/column-layout.ts'

/** How a person arranged the data screen: kept by the browser, because it belongs to the eyes, not to the data. */
const keptSchema = z.object({
  treeOpen: z.boolean().catch(true),
  panelOpen: z.boolean().catch(true),
  panelTab: z.enum(['profile', 'row', 'schema', 'history']).catch('schema'),
  folded: z.array(z.string()).catch([]),
  lastDataset: z.string().nullable().catch(null),
  /** By dataset. */
  layouts: z.record(z.string(), columnLayoutSchema).catch({}),
})
type Kept = z.infer<typeof keptSchema>
export type PanelTab = Kept['panelTab']

interface DataViewState extends Kept {
  toggleTree(): void
  togglePanel(): void
  showTab(tab: PanelTab): void
  toggleFold(id: string): void
  opened(dataset: string): void
  setLayout(dataset: string, layout: ColumnLayout): void
}
export type DataViewStore = StoreApi<DataViewState>

const STORAGE_KEY = 'strata.data-view'
const MAX_LAYOUTS = 100

export function createDataView(storage: Storage): DataViewStore {
  const store = createStore<DataViewState>((set) => ({
    ...read(storage),
    toggleTree: () => set((state) => ({ treeOpen: !state.treeOpen })),
    togglePanel: () => set((state) => ({ panelOpen: !state.panelOpen })),
    showTab: (panelTab) => set({ panelTab, panelOpen: true }),
    toggleFold: (id) => set(({ folded }) => ({ folded: folded.includes(id) ? folded.filter((item) => item !== id) : [...folded, id] })),
    opened: (lastDataset) => set({ lastDataset }),
    setLayout: (dataset, layout) => set(({ layouts }) => ({ layouts: withLayout(layouts, dataset, layout) })),
  }))
  store.subscribe((state) => storage.setItem(STORAGE_KEY, JSON.stringify(keptSchema.parse(state))))
  return store
}

/** The newest last, and the oldest gone when there are too many. */
function withLayout(layouts: Kept['layouts'], dataset: string, layout: ColumnLayout): Kept['layouts'] {
  const others = Object.entries(layouts).filter(([name]) => name !== dataset)
  return Object.fromEntries([...others.slice(-(MAX_LAYOUTS - 1)), [dataset, columnLayoutSchema.parse(layout)]])
}

export const DataViewContext = createContext<DataViewStore | null>(null)

export function useDataView<T>(select: (state: DataViewState) => T): T {
  const store = use(DataViewContext)
  if (store === null) throw new Error('useDataView needs the data screen around it')
  return useStore(store, select)
}

export function useColumnLayout(dataset: string): ColumnLayout {
  return useDataView((state) => state.layouts[dataset]) ?? EMPTY_LAYOUT
}

function read(storage: Storage): Kept {
  const parsed = keptSchema.safeParse(parseJson(storage.getItem(STORAGE_KEY)))
  return parsed.success ? parsed.data : keptSchema.parse({})
}

function parseJson(text: string | null): unknown {
  try {
    return JSON.parse(text ?? '{}')
  } catch {
    return {}
  }
}
