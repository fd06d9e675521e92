/**
 * What keys can do, by place. Keys are in the notation of `keysOf`; where there are several, the first is the one that hints show. A person
 * may give each other ones (`key-bindings.ts`), so nothing else in the window writes a key down.
 */

export const COMMAND_GROUPS = {
  everywhere: 'Everywhere',
  runs: 'Overview and Runs',
  data: 'Data',
  grid: 'Grids',
  sql: 'SQL',
  pipelines: 'Pipelines',
  lineage: 'Lineage',
  quality: 'Quality',
  ingest: 'Add data',
} as const
export type CommandGroup = keyof typeof COMMAND_GROUPS

interface Command {
  group: CommandGroup
  does: string
  keys: readonly string[]
}

export const COMMANDS = {
  palette: { group: 'everywhere', does: 'Search or run a command', keys: ['ctrl+k'] },
  keys: { group: 'everywhere', does: 'The list of keys', keys: ['?', 'ctrl+/'] },
  'screen.overview': { group: 'everywhere', does: 'Overview', keys: ['alt+1'] },
  'screen.runs': { group: 'everywhere', does: 'Runs', keys: ['alt+2'] },
  'screen.lineage': { group: 'everywhere', does: 'Lineage', keys: ['alt+3'] },
  'screen.data': { group: 'everywhere', does: 'Data', keys: ['alt+4'] },
  'screen.sql': { group: 'everywhere', does: 'SQL', keys: ['alt+5'] },
  'screen.quality': { group: 'everywhere', does: 'Quality', keys: ['alt+6'] },
  'screen.exports': { group: 'everywhere', does: 'Exports', keys: ['alt+7'] },
  'screen.pipelines': { group: 'everywhere', does: 'Pipelines', keys: ['alt+8'] },
  'screen.settings': { group: 'everywhere', does: 'Settings', keys: ['alt+9', 'ctrl+,'] },
  back: { group: 'everywhere', does: 'Back', keys: ['alt+arrowleft'] },
  forward: { group: 'everywhere', does: 'Forward', keys: ['alt+arrowright'] },
  'region.next': { group: 'everywhere', does: 'Next region', keys: ['f6'] },
  'region.previous': { group: 'everywhere', does: 'Previous region', keys: ['shift+f6'] },
  'address.copy': { group: 'everywhere', does: 'Copy the address of this view', keys: ['ctrl+shift+c'] },
  'window.new': { group: 'everywhere', does: 'Open this view in a new window', keys: ['ctrl+shift+n'] },
  'run.start': { group: 'runs', does: 'Choose what to run', keys: ['ctrl+enter'] },
  'run.cancel': { group: 'runs', does: 'Cancel the run shown', keys: ['ctrl+.'] },
  'data.tree': { group: 'data', does: 'Fold or show the tree', keys: ['ctrl+b'] },
  'data.panel': { group: 'data', does: 'Fold or show the side panel', keys: ['ctrl+j'] },
  'data.export': { group: 'data', does: 'Export what is shown', keys: ['ctrl+e'] },
  'data.chart': { group: 'data', does: 'A chart of the rows, and back', keys: ['ctrl+shift+h'] },
  'data.pivot': { group: 'data', does: 'Groups of the rows, and back', keys: ['ctrl+shift+g'] },
  'cell.filter': { group: 'data', does: 'Only rows with the value of the cell', keys: ['f'] },
  'cell.trace': { group: 'data', does: 'Trace the value of the cell to its file', keys: ['t'] },
  'cell.lineage': { group: 'data', does: 'Lineage of what is shown', keys: ['l'] },
  'find.open': { group: 'grid', does: 'Find in the cells', keys: ['ctrl+f'] },
  'find.next': { group: 'grid', does: 'Next that was found', keys: ['f3'] },
  'find.previous': { group: 'grid', does: 'Previous that was found', keys: ['shift+f3'] },
  'sql.run': { group: 'sql', does: 'Run the selection, or all statements', keys: ['ctrl+enter'] },
  'sql.explain': { group: 'sql', does: 'Explain', keys: ['ctrl+shift+enter'] },
  'sql.stop': { group: 'sql', does: 'Stop what runs', keys: ['ctrl+.'] },
  'sql.save': { group: 'sql', does: 'Save under a name', keys: ['ctrl+s'] },
  'sql.panel': { group: 'sql', does: 'Fold or show the side panel', keys: ['ctrl+b'] },
  'file.save': { group: 'pipelines', does: 'Save the file', keys: ['ctrl+s'] },
  'file.preview': { group: 'pipelines', does: 'Preview what the SELECT gives', keys: ['ctrl+enter'] },
  'file.format': { group: 'pipelines', does: 'Put the text into its usual form', keys: ['alt+shift+f'] },
  'lineage.panel': { group: 'lineage', does: 'Fold or show the side panel', keys: ['ctrl+j'] },
  'lineage.picture': { group: 'lineage', does: 'Save as a picture', keys: ['ctrl+e'] },
  'lineage.focus': { group: 'lineage', does: 'Focus on the chosen dataset', keys: ['l'] },
  'queue.next': { group: 'quality', does: 'Next record', keys: ['j'] },
  'queue.previous': { group: 'quality', does: 'Previous record', keys: ['k'] },
  'record.accept': { group: 'quality', does: 'Accept the record', keys: ['a'] },
  'record.ignore': { group: 'quality', does: 'Ignore the record', keys: ['x'] },
  'record.correct': { group: 'quality', does: 'Correct the record', keys: ['e'] },
  'contract.save': { group: 'quality', does: 'Write into the contract', keys: ['ctrl+enter'] },
  'ingest.save': { group: 'ingest', does: 'Save the sources, and run', keys: ['ctrl+enter'] },
} as const satisfies Readonly<Record<string, Command>>
export type CommandId = keyof typeof COMMANDS

export const COMMAND_IDS = Object.keys(COMMANDS).filter((id): id is CommandId => id in COMMANDS)

/** Keys that lists, editors and dialogs are worked with everywhere: they stay as they are. */
export const FIXED_KEYS: readonly (readonly [keys: string, does: string])[] = [
  ['↑ ↓', 'Move by a row, over steps, or to the next node of a zone'],
  ['← →', 'Move over tabs and cells, or along what data were made from'],
  ['PgUp PgDn', 'Move by a page'],
  ['Home End', 'First and last; with Ctrl of the whole table'],
  ['Enter', 'Open'],
  ['Space', 'Look at the whole value; with Shift or Ctrl choose its row or column'],
  ['Ctrl C', 'Copy the cells'],
  ['Ctrl Space', 'What can be written here'],
  ['Esc Tab', 'Leave the editor'],
  ['Esc', 'Close one layer'],
]

/** Places that are on the screen together. */
const TOGETHER: readonly (readonly [CommandGroup, CommandGroup])[] = [['data', 'grid'], ['sql', 'grid'], ['quality', 'grid'], ['runs', 'grid']]

export function areTogether(a: CommandGroup, b: CommandGroup): boolean {
  return a === b || a === 'everywhere' || b === 'everywhere' || TOGETHER.some(([one, other]) => (one === a && other === b) || (one === b && other === a))
}
