import { createStore, type StoreApi, useStore } from 'zustand'
import { z } from 'zod'
import { areTogether, COMMAND_IDS, type CommandId, COMMANDS } from './commands.ts'
import { capsOf, keysOf } from './key-text.ts'

/** The keys that a person gave commands, instead of those they have. Kept by the browser, as the theme is: they belong to the hands. */
const bindingsSchema = z.partialRecord(z.enum(COMMAND_IDS as [CommandId, ...CommandId[]]), z.array(z.string().max(40)).max(4)).catch({})
export type KeyBindings = z.infer<typeof bindingsSchema>

const STORAGE_KEY = 'strata.keys'

interface BindingsState {
  own: KeyBindings
}

const store: StoreApi<BindingsState> = createStore(() => ({ own: {} }))

/** Reads what was kept, keeps what is changed, and follows the other windows. Returns the way to stop. */
export function keepKeyBindings(storage: Storage): () => void {
  const read = (): void => store.setState({ own: bindingsSchema.parse(parseJson(storage.getItem(STORAGE_KEY))) })
  const follow = (event: StorageEvent): void => {
    if (event.key === STORAGE_KEY || event.key === null) read()
  }
  read()
  const stop = store.subscribe(({ own }) => {
    const text = JSON.stringify(own)
    if (storage.getItem(STORAGE_KEY) !== text) storage.setItem(STORAGE_KEY, text)
  })
  window.addEventListener('storage', follow)
  return () => {
    stop()
    window.removeEventListener('storage', follow)
  }
}

function parseJson(text: string | null): unknown {
  try {
    return JSON.parse(text ?? '{}')
  } catch {
    return {}
  }
}

export function keysFor(id: CommandId, own: KeyBindings = store.getState().own): readonly string[] {
  return own[id] ?? COMMANDS[id].keys
}

/** The commands that these keys start, wherever that may be. */
export function isFor(event: KeyboardEvent, id: CommandId): boolean {
  const keys = keysOf(event)
  return keys !== null && keysFor(id).includes(keys)
}

/** Gives a command other keys; takes them from the commands that would be started by them as well. */
export function giveKeys(id: CommandId, keys: string): void {
  const others = conflictsOf(id, keys)
  store.setState(({ own }) => ({ own: { ...own, ...Object.fromEntries(others.map((other) => [other, keysFor(other, own).filter((key) => key !== keys)])), [id]: [keys] } }))
}

export function removeKeys(id: CommandId): void {
  store.setState(({ own }) => ({ own: { ...own, [id]: [] } }))
}

/** Its keys as they were before anybody gave it others, unless another command has them now. */
export function resetKeys(id: CommandId): void {
  store.setState(({ own }) => {
    const { [id]: _gone, ...left } = own
    return { own: left }
  })
}

export function resetAllKeys(): void {
  store.setState({ own: {} })
}

/** Commands that these keys would start together with this one. */
export function conflictsOf(id: CommandId, keys: string, own: KeyBindings = store.getState().own): CommandId[] {
  return COMMAND_IDS.filter((other) => other !== id && areTogether(COMMANDS[id].group, COMMANDS[other].group) && keysFor(other, own).includes(keys))
}

export function useKeyBindings(): KeyBindings {
  return useStore(store, ({ own }) => own)
}

/** The same, of the moment. */
export function keyCaps(id: CommandId): string | undefined {
  const [first] = keysFor(id)
  return first === undefined ? undefined : capsOf(first, isMac())
}

/** As hints show them: "Ctrl K"; undefined for a command without keys. */
export function useKeyCaps(id: CommandId | undefined): string | undefined {
  const own = useKeyBindings()
  const [first] = id === undefined ? [] : keysFor(id, own)
  return first === undefined ? undefined : capsOf(first, isMac())
}

export function isMac(): boolean {
  return navigator.platform.startsWith('Mac')
}
