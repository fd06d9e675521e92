import { createStore, useStore } from 'zustand'
import { z } from 'zod'

/** What somebody who is new has seen already. Kept by the browser: it is about the person, not about the workspace. */
const firstStepsSchema = z.object({ welcomed: z.boolean().catch(false), dismissed: z.boolean().catch(false), seen: z.array(z.enum(['data', 'quality'])).catch([]) }).catch({ welcomed: false, dismissed: false, seen: [] })
export type FirstSteps = z.infer<typeof firstStepsSchema>

const STORAGE_KEY = 'strata.first-steps'

const store = createStore<FirstSteps>(() => firstStepsSchema.parse(parseJson(window.localStorage.getItem(STORAGE_KEY))))
store.subscribe((state) => window.localStorage.setItem(STORAGE_KEY, JSON.stringify(state)))

export function useFirstSteps(): FirstSteps {
  return useStore(store)
}

/** Of the moment, for who decides what opens first. */
export function firstSteps(): FirstSteps {
  return store.getState()
}

export function markFirstSteps(change: Partial<FirstSteps>): void {
  store.setState(change)
}

/** Screens that are part of the way: named by the first part of the address. */
export function markSeen(screen: string): void {
  const { seen } = store.getState()
  if ((screen === 'data' || screen === 'quality') && !seen.includes(screen)) store.setState({ seen: [...seen, screen] })
}

function parseJson(text: string | null): unknown {
  try {
    return JSON.parse(text ?? '{}')
  } catch {
    return {}
  }
}
