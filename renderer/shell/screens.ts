import type { IconName } from '../ui/icon.tsx'

/** The screens of the rail, in the order of their keys: Alt 1 is the first. */
export const SCREENS: readonly { id: string; label: string; icon: IconName; address: string }[] = [
  { id: 'overview', label: 'Overview', icon: 'overview', address: '#/overview' },
  { id: 'runs', label: 'Runs', icon: 'runs', address: '#/runs' },
  { id: 'lineage', label: 'Lineage', icon: 'lineage', address: '#/lineage' },
  { id: 'data', label: 'Data', icon: 'data', address: '#/data' },
  { id: 'sql', label: 'SQL', icon: 'code', address: '#/sql' },
  { id: 'quality', label: 'Quality', icon: 'quality', address: '#/quality' },
  { id: 'exports', label: 'Exports', icon: 'exports', address: '#/exports' },
  { id: 'pipelines', label: 'Pipelines', icon: 'pipelines', address: '#/pipelines' },
  { id: 'settings', label: 'Settings', icon: 'settings', address: '#/settings' },
]
