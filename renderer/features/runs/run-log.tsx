import { useEffect, useState } from 'react'
import type { LogLine, RunRef } from '../../../shared/contract/runs.contract.ts'
import { PanelHead } from '../../ui/bars.tsx'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { SearchField, SelectField } from '../../ui/field.tsx'
import { formatAbsolute, formatCount, formatTime } from '../../ui/format.ts'
import { LoadingState } from '../../ui/loading-state.tsx'
import { Status } from '../../ui/status.tsx'
import { rowIndexes, useRowWindow } from '../../ui/use-row-window.ts'
import { useRunLog } from './use-run-log.ts'

const LINE_PX = 18
const LEVELS = ['debug', 'info', 'warn', 'error'] as const
type Level = LogLine['level']

interface RunLogProps {
  run: RunRef
  live: boolean
}

/** The log: tail follows while at the end, level and text narrow it. */
export function RunLog({ run, live }: RunLogProps) {
  const log = useRunLog(run)
  const [level, setLevel] = useState<Level>('info')
  const [text, setText] = useState('')
  const [follow, setFollow] = useState(true)
  const wanted = text.toLowerCase()
  const shown = log.lines.filter((line) => LEVELS.indexOf(line.level) >= LEVELS.indexOf(level) && (wanted === '' || `${line.step ?? ''} ${line.text}`.toLowerCase().includes(wanted)))
  return (
    <section className='run-panel' aria-label='Log'>
      <PanelHead plain title={<span className='row'>Log {live && <Status status='running' text='Live' />}</span>} remark={wanted === '' ? undefined : `${formatCount(shown.length)} of ${formatCount(log.lines.length)} lines`}>
        {log.mayHaveEarlier && <Button small variant='quiet' onClick={log.loadFromStart}>Earlier lines</Button>}
        <SearchField small label='Search the log' placeholder='Search' width={132} value={text} onChange={setText} />
        <SelectField small label='Least level' width={92} value={level} options={LEVELS.map((name) => ({ value: name, label: LEVEL_WORDS[name] }))} onChange={setLevel} />
        {live && <Button small pressed={follow} onClick={() => setFollow(!follow)} title='Keep the newest line in sight'>Follow</Button>}
      </PanelHead>
      {log.problem !== null && log.lines.length === 0 ? <ErrorState inline problem={log.problem} /> : log.isPending && log.lines.length === 0 ? <LoadingState>Reading the log</LoadingState> : shown.length === 0 ? (
        <EmptyState inline title={log.lines.length === 0 ? 'No line yet' : 'No line matches'}>{log.lines.length === 0 ? 'What the run does is written here as it happens.' : 'Lower the level or clear the search.'}</EmptyState>
      ) : <Lines lines={shown} follow={follow} onFollow={setFollow} />}
    </section>
  )
}

/** The step without the data type, which the page names already. */
function stepPrefix(step: string | null): string {
  if (step === null) return ''
  return `${step.slice(step.indexOf('.') + 1)} `
}

const LEVEL_WORDS: Readonly<Record<Level, string>> = { debug: 'All', info: 'Info', warn: 'Warnings', error: 'Errors' }

/** Scrolling up stops following; reaching the end follows again. */
function Lines({ lines, follow, onFollow }: { lines: readonly LogLine[]; follow: boolean; onFollow: (follow: boolean) => void }) {
  const view = useRowWindow({ count: lines.length, rowPx: LINE_PX, overscan: 20 })
  const { reveal, isAtEnd } = view
  useEffect(() => {
    if (follow && lines.length > 0) reveal(lines.length - 1)
  }, [follow, lines.length, reveal])
  const onMove = (): void => {
    if (isAtEnd() !== follow) onFollow(!follow)
  }
  return (
    <div className='log' role='log' aria-live='off' aria-label='Log lines' tabIndex={0} ref={view.box} onWheel={onMove} onKeyUp={onMove}>
      <div role='presentation' style={{ height: view.totalPx }} />
      {rowIndexes(view).map((index) => {
        const line = lines[index]
        if (line === undefined) return null
        return (
          <div key={line.seq} className={`log-line ${line.level}`} style={{ transform: `translateY(${index * LINE_PX}px)` }} title={`${formatAbsolute(line.at)}${line.step === null ? '' : `, ${line.step}`}\n${line.text}`}>
            <span className='t'>{formatTime(line.at)}</span>
            <span className={line.level}>{line.level}</span>
            <span>{stepPrefix(line.step)}{line.text}</span>
          </div>
        )
      })}
    </div>
  )
}
