import type { CommandId } from '../ui/keys/commands.ts'
import type { IconName } from '../ui/icon.tsx'

/** The screens of the rail, in their order. */
export const SCREENS: readonly { id: string; command: CommandId; label: string; icon: IconName; address: string }[] = [
  { id: 'overview', command: 'screen.overview', label: 'Overview', icon: 'overview', address: '#/overview' },
  { id: 'runs', command: 'screen.runs', label: 'Runs', icon: 'runs', address: '#/runs' },
  { id: 'lineage', command: 'screen.lineage', label: 'Lineage', icon: 'lineage', address: '#/lineage' },
  { id: 'data', command: 'screen.data', label: 'Data', icon: 'data', address: '#/data' },
  { id: 'sql', command: 'screen.sql', label: 'SQL', icon: 'code', address: '#/sql' },
  { id: 'quality', command: 'screen.quality', label: 'Quality', icon: 'quality', address: '#/quality' },
  { id: 'exports', command: 'screen.exports', label: 'Exports', icon: 'exports', address: '#/exports' },
  { id: 'pipelines', command: 'screen.pipelines', label: 'Pipelines', icon: 'pipelines', address: '#/pipelines' },
  { id: 'settings', command: 'screen.settings', label: 'Settings', icon: 'settings', address: '#/settings' },
]
