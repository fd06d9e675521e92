import { createContext, type ReactNode, useContext, useLayoutEffect, useSyncExternalStore } from 'react'
import { createStore, type StoreApi, useStore } from 'zustand'
import { z } from 'zod'

/** How a person wants the window to look. Kept by the browser, not by the workspace: it belongs to the eyes, not to the data. */
const preferencesSchema = z.object({
  theme: z.enum(['system', 'light', 'dark']).catch('system'),
  density: z.enum(['compact', 'comfortable']).catch('compact'),
})
export type Preferences = z.infer<typeof preferencesSchema>
export type Theme = Preferences['theme']
export type Density = Preferences['density']

interface PreferencesState extends Preferences {
  setTheme: (theme: Theme) => void
  setDensity: (density: Density) => void
}
export type PreferencesStore = StoreApi<PreferencesState>

const STORAGE_KEY = 'strata.preferences'
const DARK_QUERY = '(prefers-color-scheme: dark)'

export function createPreferences(storage: Storage): PreferencesStore {
  const store = createStore<PreferencesState>((set) => ({
    ...read(storage),
    setTheme: (theme) => set({ theme }),
    setDensity: (density) => set({ density }),
  }))
  store.subscribe(({ theme, density }) => {
    const text = JSON.stringify({ theme, density })
    if (storage.getItem(STORAGE_KEY) !== text) storage.setItem(STORAGE_KEY, text)
  })
  // Another window has chosen; it lives as long as the page.
  window.addEventListener('storage', ({ key }) => key === STORAGE_KEY && store.setState(read(storage)))
  return store
}

/** Sets the attributes the tokens switch on, at once and whenever the choice or the system changes. Returns the way to stop. */
export function followPreferences(store: PreferencesStore): () => void {
  const apply = (): void => {
    const root = document.documentElement
    const theme = effectiveTheme(store.getState().theme)
    root.dataset['theme'] = theme
    root.dataset['mantineColorScheme'] = theme
    root.dataset['density'] = store.getState().density
  }
  const media = window.matchMedia(DARK_QUERY)
  media.addEventListener('change', apply)
  const unsubscribe = store.subscribe(apply)
  apply()
  return () => {
    media.removeEventListener('change', apply)
    unsubscribe()
  }
}

export function effectiveTheme(theme: Theme): 'light' | 'dark' {
  if (theme !== 'system') return theme
  return window.matchMedia(DARK_QUERY).matches ? 'dark' : 'light'
}

const PreferencesContext = createContext<PreferencesStore | null>(null)

export function PreferencesProvider({ store, children }: { store: PreferencesStore; children: ReactNode }) {
  useLayoutEffect(() => followPreferences(store), [store])
  return <PreferencesContext value={store}>{children}</PreferencesContext>
}

export function usePreferences<T>(select: (state: PreferencesState) => T): T {
  const store = useContext(PreferencesContext)
  if (store === null) throw new Error('usePreferences needs a PreferencesProvider above it')
  return useStore(store, select)
}

/** Light or dark, with the system's wish resolved and followed. */
export function useEffectiveTheme(): 'light' | 'dark' {
  const theme = usePreferences((state) => state.theme)
  const systemIsDark = useSyncExternalStore(subscribeToSystem, () => window.matchMedia(DARK_QUERY).matches)
  if (theme !== 'system') return theme
  return systemIsDark ? 'dark' : 'light'
}

function subscribeToSystem(listener: () => void): () => void {
  const media = window.matchMedia(DARK_QUERY)
  media.addEventListener('change', listener)
  return () => media.removeEventListener('change', listener)
}

function read(storage: Storage): Preferences {
  const parsed = preferencesSchema.safeParse(parseJson(storage.getItem(STORAGE_KEY)))
  return parsed.success ? parsed.data : { theme: 'system', density: 'compact' }
}

function parseJson(text: string | null): unknown {
  try {
    return JSON.parse(text ?? '{}')
  } catch {
    return {}
  }
}
