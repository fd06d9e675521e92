import type { Run } from '../../shared/contract/runs.contract.ts'

const WORDS: Readonly<Record<Run['trigger'], string>> = { window: 'You', cli: 'Command line', http: 'HTTP', resume: 'Resumed', schedule: 'Schedule', files: 'New files', after: 'Another run' }

/** Who started a run, in a word or two. */
export function triggerWord(trigger: Run['trigger']): string {
  return WORDS[trigger]
}
