import { createContext, use } from 'react'
import { createStore, type StoreApi, useStore } from 'zustand'

/** What somebody has written into a file and not saved. */
export interface Draft {
  text: string
  /** SHA-256 of the file that was edited. */
  base: string
}

export interface Drafts {
  byPath: Readonly<Record<string, Draft>>
  write: (path: string, draft: Draft) => void
  drop: (path: string) => void
}

/** One for the window: texts outlast a look at another screen. They are lost with the window, which asks before. */
export function createDrafts(): StoreApi<Drafts> {
  return createStore<Drafts>((set) => ({
    byPath: {},
    write: (path, draft) => set(({ byPath }) => ({ byPath: { ...byPath, [path]: draft } })),
    drop: (path) => set(({ byPath }) => ({ byPath: Object.fromEntries(Object.entries(byPath).filter(([other]) => other !== path)) })),
  }))
}

const drafts = createDrafts()
export const DraftsContext = createContext<StoreApi<Drafts>>(drafts)

export function useDrafts<T>(select: (drafts: Drafts) => T): T {
  return useStore(use(DraftsContext), select)
}
