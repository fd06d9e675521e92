import { createContext, use } from 'react'
import { createStore, type StoreApi, useStore } from 'zustand'
import { z } from 'zod'
import { runRefSchema } from '../../../shared/contract/runs.contract.ts'

/** What somebody writes and how they arranged the place: kept by the browser, so that nothing typed is lost with the window. */
const keptSchema = z.object({
  text: z.string().catch(''),
  /** The named query that the text belongs to, and its SQL as it was last read or saved. */
  named: z.object({ name: z.string(), sql: z.string() }).nullable().catch(null),
  /** Rows at most; null: all. */
  limit: z.int().min(1).nullable().catch(100_000),
  asOf: runRefSchema.nullable().catch(null),
  /** Versions by dataset. */
  pins: z.record(z.string(), z.int()).catch({}),
  /** The editor's part of the height. */
  share: z.number().min(0.15).max(0.85).catch(0.42),
  panelOpen: z.boolean().catch(true),
  panelTab: z.enum(['names', 'queries', 'history']).catch('names'),
})
type Kept = z.infer<typeof keptSchema>

interface PadState extends Kept {
  set(change: Partial<Kept>): void
}
type PadStore = StoreApi<PadState>

const STORAGE_KEY = 'strata.sql-pad'

export function createPad(storage: Storage): PadStore {
  const store = createStore<PadState>((set) => ({ ...read(storage), set }))
  store.subscribe((state) => storage.setItem(STORAGE_KEY, JSON.stringify(keptSchema.parse(state))))
  return store
}

export const PadContext = createContext<PadStore | null>(null)

export function usePad<T>(select: (state: PadState) => T): T {
  const store = use(PadContext)
  if (store === null) throw new Error('usePad needs the SQL screen around it')
  return useStore(store, select)
}

function read(storage: Storage): Kept {
  try {
    return keptSchema.parse(JSON.parse(storage.getItem(STORAGE_KEY) ?? '{}'))
  } catch {
    // Written by another version, or by hand: the place is as on the first day.
    return keptSchema.parse({})
  }
}
