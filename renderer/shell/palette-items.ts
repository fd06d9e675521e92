import type { EntityMatch } from '../../shared/contract/entities.contract.ts'
import type { DatasetListItem } from '../../shared/contract/datasets.contract.ts'
import type { RunGroup } from '../../shared/contract/groups.contract.ts'
import type { Run } from '../../shared/contract/runs.contract.ts'
import type { WorkspaceSummary } from '../../shared/contract/workspace.contract.ts'
import type { Zone } from '../../shared/domain/zone.ts'
import { auditAddress, dataAddress, entityAddress, groupAddress, ingestAddress, lineageAddress, runAddress, settingsAddress, storageAddress, welcomeAddress } from '../ui/addresses.ts'
import { countOf } from '../ui/format.ts'
import type { IconName } from '../ui/icon.tsx'
import type { Preferences } from '../ui/theme/preferences.tsx'
import { runStatus, runWord, type StatusName } from '../ui/status.tsx'
import { type CommandId, COMMANDS } from '../ui/keys/commands.ts'
import { keyCaps } from '../ui/keys/key-bindings.ts'
import { SCREENS } from './screens.ts'

export type PaletteMark = { icon: IconName } | { zone: Zone } | { status: StatusName }

export interface PaletteItem {
  id: string
  group: 'Commands' | 'Screens' | 'Settings' | 'Datasets' | 'Columns' | 'Runs' | 'Entities'
  mark: PaletteMark
  text: string
  mono: boolean
  meta: string
  /** What it starts, where it leads, the data type whose plan it opens, or how the window is to look. */
  does: { start: CommandId } | { goTo: string } | { run: string } | { look: Partial<Preferences> }
}

export interface PaletteSources {
  workspace: WorkspaceSummary | undefined
  datasets: readonly DatasetListItem[]
  runs: readonly Run[]
  groups: readonly RunGroup[]
  /** Datasets with their columns; empty until somebody types. */
  /** Entities that are called like what is typed. */
  entities: readonly EntityMatch[]
  names: readonly { dataset: string; columns: readonly { name: string; type: string }[] }[]
}

const MAX_PER_GROUP = 6
const ORDER: readonly PaletteItem['group'][] = ['Commands', 'Screens', 'Datasets', 'Columns', 'Runs', 'Settings', 'Entities']

const COMMAND_GROUPS: readonly PaletteItem['group'][] = ['Commands', 'Settings']

/** What matches the typed text, in groups. Words may come in any order; `>` keeps commands only. */
export function paletteItems(text: string, sources: PaletteSources): PaletteItem[] {
  const onlyCommands = text.startsWith('>')
  const query = (onlyCommands ? text.slice(1) : text).trim()
  const words = query.toLowerCase().split(/\s+/)
  const all = query === '' ? allItems(sources) : [...allItems(sources), ...columnItems(sources)]
  const matches = all.filter((item) => {
    const haystack = `${item.text} ${item.meta} ${item.group}`.toLowerCase()
    return words.every((word) => haystack.includes(word))
  })
  const entities = query === '' ? [] : entityItems(query, sources.entities)
  const groups = onlyCommands ? COMMAND_GROUPS : ORDER
  return groups.flatMap((group) => [...matches, ...entities].filter((item) => item.group === group).slice(0, MAX_PER_GROUP))
}

function entityItems(query: string, found: readonly EntityMatch[]): PaletteItem[] {
  const items = found.slice(0, MAX_PER_GROUP - 1).map(({ entityId, label, by, dataTypes }): PaletteItem => ({
    id: `entity ${entityId}`, group: 'Entities', mark: { icon: 'key' }, text: label ?? entityId, mono: label === null,
    meta: [label === null ? '' : entityId, by.kind === 'key' || by.value === label ? dataTypes.join(', ') : `${by.column} ${by.value}`].filter((part) => part !== '').join(' · '),
    does: { goTo: entityAddress(entityId) },
  }))
  const asTyped: PaletteItem = { id: 'entity', group: 'Entities', mark: { icon: 'key' }, text: query, mono: true, meta: 'look this entity up in every data type', does: { goTo: entityAddress(query) } }
  return found.some(({ entityId }) => entityId === query) ? items : [...items, asTyped]
}

const LOOKS: readonly [text: string, look: Partial<Preferences>][] = [
  ['Theme: light', { theme: 'light' }], ['Theme: dark', { theme: 'dark' }], ['Theme: as the desktop', { theme: 'system' }],
  ['Density: compact rows', { density: 'compact' }], ['Density: comfortable rows', { density: 'comfortable' }],
]

/** Commands of the window that need no screen. */
const STARTED = ['window.new', 'keys', 'address.copy'] as const satisfies readonly CommandId[]

const SETTINGS: readonly [text: string, meta: string][] = [
  ['Schedules', 'when data types run'], ['Secrets', 'passwords and tokens, by name'], ['Cursors', 'how far sources were read'], ['Engine, workers and caches', 'memory, hits'], ['Keys', 'every shortcut'],
]

/** Of many columns only those that are asked for are worth a line. */
function columnItems({ names }: PaletteSources): PaletteItem[] {
  return names.flatMap(({ dataset, columns }) =>
    columns.map(({ name, type }): PaletteItem => ({ id: `${dataset}.${name}`, group: 'Columns', mark: { icon: 'columns' }, text: `${dataset}.${name}`, mono: true, meta: type.toLowerCase(), does: { goTo: lineageAddress(dataset, { column: name }) } })),
  )
}

function allItems({ workspace, datasets, runs, groups }: PaletteSources): PaletteItem[] {
  return [
    ...STARTED.map((command): PaletteItem => ({ id: command, group: 'Commands', mark: { icon: 'sigma' }, text: COMMANDS[command].does, mono: false, meta: keyCaps(command) ?? '', does: { start: command } })),
    { id: 'ingest', group: 'Commands', mark: { icon: 'inbox' }, text: 'Add data', mono: false, meta: 'files or a folder', does: { goTo: ingestAddress() } },
    ...(workspace?.dataTypes ?? []).filter((type) => type.runnable).map((type): PaletteItem => ({
      id: `run ${type.name}`, group: 'Commands', mark: { icon: 'play' }, text: `Run ${type.name}`, mono: false, meta: countOf(type.steps.length, 'step'), does: { run: type.name },
    })),
    ...SCREENS.map((screen): PaletteItem => ({
      id: screen.id, group: 'Screens', mark: { icon: screen.icon }, text: screen.label, mono: false, meta: keyCaps(screen.command) ?? '', does: { goTo: screen.address },
    })),
    { id: 'welcome', group: 'Screens', mark: { icon: 'info' }, text: 'Welcome', mono: false, meta: 'what Strata is, how to begin', does: { goTo: welcomeAddress } },
    { id: 'storage', group: 'Screens', mark: { icon: 'db' }, text: 'Storage', mono: false, meta: 'disk use, retention, changed files', does: { goTo: storageAddress } },
    { id: 'audit', group: 'Screens', mark: { icon: 'quality' }, text: 'Audit trail', mono: false, meta: 'who changed what', does: { goTo: auditAddress() } },
    ...LOOKS.map(([text, look]): PaletteItem => ({ id: text, group: 'Settings', mark: { icon: 'theme' }, text, mono: false, meta: 'how the window looks', does: { look } })),
    ...SETTINGS.map(([text, meta]): PaletteItem => ({ id: text, group: 'Settings', mark: { icon: 'settings' }, text, mono: false, meta, does: { goTo: settingsAddress } })),
    ...datasets.flatMap((dataset): PaletteItem[] => [
      {
        id: dataset.dataset, group: 'Datasets', mark: { zone: dataset.zone }, text: dataset.dataset, mono: true,
        meta: dataset.rowCount === null ? 'not published yet' : countOf(dataset.rowCount, 'row'),
        does: { goTo: dataset.version === null ? lineageAddress(dataset.dataset) : dataAddress(dataset.dataset) },
      },
    ]),
    ...groups.map((group): PaletteItem => ({
      id: `group ${group.group}`, group: 'Runs', mark: { status: runStatus(group) }, text: `Run of all data types, group ${group.group}`, mono: false,
      meta: `${runWord(group).toLowerCase()}, ${countOf(group.runs.length, 'run')}`, does: { goTo: groupAddress(group.group) },
    })),
    ...runs.map((run): PaletteItem => ({
      id: `${run.dataType}#${run.runNumber}`, group: 'Runs', mark: { status: runStatus(run) }, text: `${run.dataType} #${run.runNumber}`, mono: true, meta: run.summary, does: { goTo: runAddress(run) },
    })),
  ]
}
