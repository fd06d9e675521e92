import { useEffect, useState } from 'react'
import { LOG_LEVELS, type LogLine, type RunRef } from '../../../shared/contract/runs.contract.ts'
import { PanelHead } from '../../ui/bars.tsx'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { SearchField, SelectField } from '../../ui/field.tsx'
import { formatAbsolute, formatCount, formatTime } from '../../ui/format.ts'
import { LoadingState } from '../../ui/loading-state.tsx'
import { Status } from '../../ui/status.tsx'
import { rowIndexes, useRowWindow } from '../../ui/use-row-window.ts'
import { LEVEL_WORDS } from './log-level-words.ts'
import { useRunLog } from './use-run-log.ts'

const LINE_PX = 18
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
  const shown = log.lines.filter((line) => LOG_LEVELS.indexOf(line.level) >= LOG_LEVELS.indexOf(level) && (wanted === '' || `${line.step ?? ''} ${line.text}`.toLowerCase().includes(wanted)))
  return (
    <section className='run-panel' aria-label='Log'>
      <PanelHead plain title={<span className='row'>Log {live && <Status status='running' text='Live' />}</span>} remark={wanted === '' ? undefined : `${formatCount(shown.length)} of ${formatCount(log.lines.length)} lines`}>
        {log.mayHaveEarlier && <Button small variant='quiet' onClick={log.loadFromStart}>Earlier lines</Button>}
        <SearchField small label='Search the log' placeholder='Search' width={132} value={text} onChange={setText} />
        <SelectField small label='Least level' width={92} value={level} options={LOG_LEVELS.map((name) => ({ value: name, label: LEVEL_WORDS[name] }))} onChange={setLevel} />
        {live && <Button small pressed={follow} onClick={() => setFollow(!follow)} title='Keep the newest line in sight'>Follow</Button>}
      </PanelHead>
      {shown.length > 0 ? <Lines lines={shown} follow={follow} onFollow={setFollow} /> : log.lines.length > 0 ? <EmptyState inline title='No line matches'>Lower the level or clear the search.</EmptyState> : <NoLines log={log} live={live} />}
    </section>
  )
}

function NoLines({ log: { problem, isPending }, live }: { log: ReturnType<typeof useRunLog>; live: boolean }) {
  if (problem !== null) return <ErrorState inline problem={problem} />
  if (isPending) return <LoadingState>Reading the log</LoadingState>
  if (live) return <EmptyState inline title='No line yet'>What the run does is written here as it happens.</EmptyState>
  return <EmptyState inline title='Not kept'>The log of this run is not kept any more.</EmptyState>
}

/** The step without the data type, which the page names already. */
function stepPrefix(step: string | null): string {
  if (step === null) return ''
  return `${step.slice(step.indexOf('.') + 1)} `
}

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
