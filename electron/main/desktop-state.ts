import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { z } from 'zod'

const placeSchema = z.object({ x: z.int(), y: z.int(), width: z.int().min(200), height: z.int().min(200), isMaximized: z.boolean() })
export type WindowPlace = z.infer<typeof placeSchema>

const stateSchema = z.object({
  /** Where windows were, in the order in which they were opened. */
  windows: z.array(placeSchema).catch([]),
  theme: z.enum(['system', 'light', 'dark']).catch('system'),
  /** Workspace folders, last opened first. */
  recent: z.array(z.string()).catch([]),
  /** Where the last file was saved. */
  lastSaveDir: z.string().nullable().catch(null),
})
export type DesktopState = z.infer<typeof stateSchema>

export interface DesktopStateStore {
  get(): Readonly<DesktopState>
  set(change: Partial<DesktopState>): void
}

const MAX_RECENT = 10

/** What the desktop remembers between starts: a small JSON file. A file that is missing or broken is as good as none. */
export function openDesktopState(file: string): DesktopStateStore {
  let state = readState(file)
  return {
    get: () => state,
    set(change) {
      state = { ...state, ...change }
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(`${file}.tmp`, JSON.stringify(state, null, 2))
      renameSync(`${file}.tmp`, file)
    },
  }
}

/** The list with `workspaceDir` at its head, each folder once. */
export function withRecent(recent: readonly string[], workspaceDir: string): string[] {
  return [workspaceDir, ...recent.filter((dir) => dir !== workspaceDir)].slice(0, MAX_RECENT)
}

function readState(file: string): DesktopState {
  try {
    return stateSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return { windows: [], theme: 'system', recent: [], lastSaveDir: null }
  }
}
